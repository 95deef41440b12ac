import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '#contracts';
import { CONTEXT, dataFrom, eventFrom } from '../../../../test/providers/read.js';
import { mnsCardTemplate } from './mns-card-template.js';
import { templateSmsReport } from './template-sms-report.js';

const HUAWEI = { vendorCode: 'HUAWEI', state: 1, desc: '通过' };
const XIAOMI = { vendorCode: 'XIAOMI', state: 2, desc: '图片不清晰' };
const REVIEW = {
  template_code: 'CARD_SMS_0001',
  approval_status: 1,
  desc: 'HUAWEI:通过\r\nXIAOMI:驳回',
  extData: { ref: 'r-1' },
  tmpOps: [HUAWEI, XIAOMI],
};

const data = (changes: object): Record<string, unknown> => dataFrom(mnsCardTemplate, { ...REVIEW, ...changes });
const id = (changes: object): string => eventFrom(mnsCardTemplate, { ...REVIEW, ...changes }).id;

describe('MnsCardTemplate', () => {
  it('says how the template stands, and what every maker says', () => {
    expect(data({})).toMatchObject({
      channel: 'card-sms',
      subject: { kind: 'card-template', id: 'CARD_SMS_0001', name: null, language: null },
      reviewId: null,
      status: 'approved',
      reason: null,
      providerStatus: '1',
      verdicts: [
        { vendor: 'HUAWEI', status: 'approved', description: '通过' },
        { vendor: 'XIAOMI', status: 'rejected', description: '图片不清晰' },
      ],
      submittedAt: null,
      occurredAt: CONTEXT.observedAt,
      occurredAtFrom: 'observed',
      extra: { desc: REVIEW.desc, extData: { ref: 'r-1' } },
    });
  });

  it.each([
    [0, 'pending'],
    ['0', 'pending'],
    [1, 'approved'],
    ['1', 'approved'],
    [2, 'rejected'],
    ['2', 'rejected'],
    [3, 'unknown'],
  ])('reads %j as %s, of the whole and of a maker', (state, status) => {
    const { verdicts, ...whole } = data({ approval_status: state, tmpOps: [{ ...HUAWEI, state }], desc: '' });
    expect(whole).toMatchObject({ status, providerStatus: String(state) });
    expect(verdicts).toEqual([{ vendor: 'HUAWEI', status, description: '通过' }]);
  });

  it('gives the summary as the reason of a rejection, once', () => {
    expect(data({ approval_status: 2 })).toMatchObject({ reason: REVIEW.desc, extra: { extData: { ref: 'r-1' } } });
    expect(data({ approval_status: 2 }).extra).not.toHaveProperty('desc');
  });

  it.each([
    ['\\r\\n', 'MEIZU:通过\r\nOPPO:驳回'],
    ['\\n', 'MEIZU:通过\nOPPO:驳回\n'],
    ['wide colons and spaces', ' MEIZU：通过 \r\n\r\nOPPO : 驳回'],
  ])('takes the verdicts of makers that only the summary names, separated by %s', (_what, desc) => {
    const said = [
      { vendor: 'MEIZU', status: 'approved', description: '通过' },
      { vendor: 'OPPO', status: 'rejected', description: '驳回' },
    ];
    expect(data({ desc, tmpOps: undefined }).verdicts).toEqual(said);
    expect(data({ desc, tmpOps: [HUAWEI] }).verdicts).toEqual([
      { vendor: 'HUAWEI', status: 'approved', description: '通过' },
      ...said,
    ]);
  });

  it('describes a maker by the summary where it says nothing itself, and keeps words nobody knows', () => {
    const desc = 'HUAWEI:通过\r\nVIVO:审核中\r\nno maker here';
    expect(data({ desc, tmpOps: [{ vendorCode: 'HUAWEI', state: 0 }] })).toMatchObject({
      verdicts: [
        { vendor: 'HUAWEI', status: 'pending', description: '通过' },
        { vendor: 'VIVO', status: 'unknown', description: '审核中' },
      ],
      extra: { desc },
    });
  });

  it('takes lists and parameters as JSON text too, without losing a digit', () => {
    const text = { tmpOps: JSON.stringify(REVIEW.tmpOps), extData: '{"ref":12345678901234567890}' };
    const object = { extData: parseJson(text.extData) };
    expect(eventFrom(mnsCardTemplate, { ...REVIEW, ...text })).toEqual(
      eventFrom(mnsCardTemplate, { ...REVIEW, ...object }),
    );
    expect(JSON.stringify(eventFrom(mnsCardTemplate, { ...REVIEW, ...text }).data)).toContain('12345678901234567890');
    const { extData: _, ...withoutParameters } = REVIEW;
    expect(eventFrom(mnsCardTemplate, { ...withoutParameters, tmpOps: text.tmpOps })).toEqual(
      eventFrom(mnsCardTemplate, withoutParameters),
    );
  });

  it.each([
    ['text', 'ref-1'],
    ['text that is broken JSON', '{"ref"'],
    ['a number', 7],
    ['a list', [1, { a: 2 }]],
  ])('keeps parameters that are %s', (_what, extData) => {
    expect(data({ extData }).extra).toMatchObject({ extData });
  });

  it.each([
    ['no list', 'HUAWEI', []],
    ['a list of other things', [7, null, [], { state: 1 }], []],
    ['a maker with a field more', [{ ...HUAWEI, auditor: 'x' }], ['HUAWEI']],
    ['a maker with a structure', [{ ...HUAWEI, desc: { text: 'x' } }], ['HUAWEI']],
  ])('loses nothing of a tmpOps that is %s', (_what, tmpOps, vendors) => {
    const { verdicts, extra } = data({ tmpOps, desc: undefined });
    expect((verdicts as { vendor: string }[]).map(({ vendor }) => vendor)).toEqual(vendors);
    expect(extra).toMatchObject({ tmpOps });
  });

  it('is its content, whatever the order of its keys, and when it was observed', () => {
    const keys = fc.shuffledSubarray(Object.entries(REVIEW), { minLength: Object.keys(REVIEW).length });
    fc.assert(
      fc.property(keys, (entries) => {
        expect(eventFrom(mnsCardTemplate, Object.fromEntries(entries)).id).toBe(id({}));
      }),
    );
    expect(id({ approval_status: 2 })).not.toBe(id({}));
    expect(id({ tmpOps: [HUAWEI, { ...XIAOMI, state: 1 }] })).not.toBe(id({}));
  });

  it('approved, rejected and approved again are three facts about one template', () => {
    const later = { ...CONTEXT, observedAt: '2026-07-11T10:00:00.000Z' };
    const events = [
      eventFrom(mnsCardTemplate, REVIEW),
      eventFrom(mnsCardTemplate, { ...REVIEW, approval_status: 2 }),
      eventFrom(mnsCardTemplate, REVIEW, later),
    ];
    expect(new Set(events.map((event) => event.id)).size).toBe(3);
    expect(new Set(events.map((event) => event.subject)).size).toBe(1);
  });

  it('belongs to its template, apart from a plain template of the same id', () => {
    const { subject } = eventFrom(mnsCardTemplate, REVIEW);
    expect(eventFrom(mnsCardTemplate, { ...REVIEW, approval_status: 0 }).subject).toBe(subject);
    const plain = { template_code: REVIEW.template_code, template_status: 'approved' };
    expect(eventFrom(templateSmsReport, plain).subject).not.toBe(subject);
  });

  it.each([
    ['no template_code', { ...REVIEW, template_code: undefined }, 'FIELD_MISSING', 'template_code is absent'],
    ['no approval_status', { ...REVIEW, approval_status: null }, 'FIELD_MISSING', 'approval_status is empty'],
    ['a plain template', { template_code: 'SMS_1', template_status: 'approved' }, 'RECEIPT_TYPE_MISMATCH', ''],
  ])('refuses %s', (_what, element, code, detail) => {
    expect(mnsCardTemplate.map(element, CONTEXT)).toEqual({ code, detail: expect.stringContaining(detail) });
    expect(templateSmsReport.map(REVIEW, CONTEXT)).toMatchObject({ code: 'RECEIPT_TYPE_MISMATCH' });
  });
});
