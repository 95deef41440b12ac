import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Identity, type Channel, type Submission } from '#contracts';
import { expectValidEvent } from '../../../test/contracts/validate-event.js';
import { isUnreadable } from './provider.js';
import { readSubmission, type SubmissionContext } from './read-submission.js';
import { PROVIDERS } from './registry.js';

const CONTEXT: SubmissionContext = {
  installation: 'quittance',
  identity: new Identity('6f1d6a0e-2c0f-4a55-9b8e-0d7f1d1f5a11'),
  providers: PROVIDERS,
  account: (provider, name) =>
    provider === 'alibaba' && name === 'main'
      ? {
          labels: { unit: 'retail' },
          senders: new Map([['8613100000008', { channel: 'whatsapp', labels: { brand: 'north' } }]]),
          channels: ['sms'],
          expectReportWithin: 72 * 3_600_000,
        }
      : undefined,
  position: 'quittance.submissions.v1/3/17',
  receivedAt: '2026-07-09T03:01:22.000Z',
};

const SUBMISSION: Submission = {
  provider: 'alibaba',
  account: 'main',
  messageId: '900000000000000001^0',
  recipient: '+8613800000001',
  sender: '示例',
  reference: 'order-1',
  submittedAt: '2026-07-09T11:01:19+08:00',
};

const read = (changes: object, context = CONTEXT) =>
  readSubmission(Buffer.from(JSON.stringify({ ...SUBMISSION, ...changes })), context);

function event(changes: object = {}) {
  const outcome = read(changes);
  if (isUnreadable(outcome)) throw new Error(`${outcome.code} ${outcome.detail}`);
  return outcome;
}

describe('readSubmission', () => {
  it('makes an event that leads back to its record', () => {
    const submitted = event();
    expect(submitted).toMatchObject({
      type: 'io.quittance.message.submitted.v1',
      source: '/quittance/alibaba/main',
      subject: submitted.data.messageKey,
      time: '2026-07-09T03:01:19.000Z',
      receiptId: 'quittance.submissions.v1/3/17',
      rawPosition: 'quittance.submissions.v1/3/17',
    });
    expect(submitted.data).toEqual({
      provider: 'alibaba',
      account: 'main',
      channel: 'sms',
      labels: { unit: 'retail' },
      messageKey: submitted.subject,
      messageId: '900000000000000001^0',
      sender: '示例',
      recipient: '+8613800000001',
      reference: 'order-1',
      submittedAt: '2026-07-09T03:01:19.000Z',
      expectReportWithin: 'PT72H',
    });
    expectValidEvent(submitted.type, submitted.data);
  });

  it('is one fact about a message, however often and in whatever words it is told', () => {
    const again = { recipient: '13800000001', reference: null, submittedAt: '2026-07-09T03:05:00Z', later: 'field' };
    expect(event(again)).toMatchObject({ id: event().id, subject: event().subject });
    expect(event({ messageId: 900 }).id).toBe(event({ messageId: '900' }).id);
    expect(event({ recipient: '+8613800000002' }).id).not.toBe(event().id);
  });

  it('takes the channel and labels of a listed sender, and the channel that is named before that', () => {
    for (const sender of ['8613100000008', '+8613100000008']) {
      expect(event({ sender }).data).toMatchObject({ channel: 'whatsapp', labels: { unit: 'retail', brand: 'north' } });
    }
    expect(event({ sender: '8613100000008', channel: 'viber' }).data.channel).toBe('viber');
  });

  it('takes the only channel of the account, or of the provider, and does not guess where there are several', () => {
    const of = (provider: string, channels: readonly Channel[]) =>
      read(
        { provider, messageId: 'm1', sender: 'nobody listed it' },
        { ...CONTEXT, account: () => ({ labels: {}, senders: new Map(), channels, expectReportWithin: 1 }) },
      );
    expect(of('alibaba', ['whatsapp'])).toMatchObject({ data: { channel: 'whatsapp' } });
    expect(of('huawei', [])).toMatchObject({ data: { channel: 'sms' } });
    for (const channels of [[], ['sms', 'whatsapp'], ['messenger', 'viber']] as const) {
      expect(of('alibaba', channels)).toEqual({
        code: 'FIELD_MISSING',
        detail: expect.stringMatching(/^channel: .*name it, or list the sender/),
      });
    }
  });

  it('finds a card by the id that the caller gave', () => {
    const [one, two] = ['biz-1', 'biz-2'].map((messageId) => event({ channel: 'card-sms', messageId }));
    expect(one!.subject).toBe(two!.subject);
    expect(read({ channel: 'card-sms', reference: '' })).toMatchObject({ code: 'FIELD_MISSING' });
  });

  it('shows a recipient only where the country is certain', () => {
    expect(event({ recipient: '6580000001' }).data.recipient).toBeNull();
    expect(event({ recipient: '006580000001' }).data.recipient).toBe('+6580000001');
    expect(event({ channel: 'messenger', recipient: '8613800000001' }).data.recipient).toBeNull();
  });

  it.each([
    ['PT30M', 'PT30M'],
    ['P1W', 'PT168H'],
    ['P90D', 'PT2160H'],
    [null, 'PT72H'],
    ['', 'PT72H'],
  ])('waits %j for a report: %s', (expectReportWithin, written) => {
    expect(event({ expectReportWithin }).data.expectReportWithin).toBe(written);
  });

  it.each([
    ['no provider', { provider: undefined }, 'FIELD_MISSING'],
    ['no message id', { messageId: ' ' }, 'FIELD_MISSING'],
    ['no recipient', { recipient: null }, 'FIELD_MISSING'],
    ['a list of recipients', { recipient: ['13800000001'] }, 'FIELD_INVALID'],
    ['a reference that is no text', { reference: { a: 1 } }, 'FIELD_INVALID'],
    ['an unknown provider', { provider: 'nobody' }, 'ACCOUNT_UNKNOWN'],
    ['a provider of the language', { provider: 'constructor' }, 'ACCOUNT_UNKNOWN'],
    ['an unknown account', { account: 'other' }, 'ACCOUNT_UNKNOWN'],
    ['an account of another provider', { provider: 'huawei' }, 'ACCOUNT_UNKNOWN'],
    ['an unknown channel', { channel: 'pigeon' }, 'FIELD_INVALID'],
    ['a time without zone', { submittedAt: '2026-07-09T03:01:19' }, 'FIELD_INVALID'],
    ['a time that is none', { submittedAt: '2026-02-30T03:01:19Z' }, 'FIELD_INVALID'],
    ['a time long after the record', { submittedAt: '2062-07-09T03:01:19Z' }, 'FIELD_INVALID'],
    ['a time before all messages', { submittedAt: '1970-01-01T00:00:00Z' }, 'FIELD_INVALID'],
    ['a wait that is none', { expectReportWithin: '72h' }, 'FIELD_INVALID'],
    ['no wait at all', { expectReportWithin: 'PT0S' }, 'FIELD_INVALID'],
    ['a wait beyond all patience', { expectReportWithin: 'P91D' }, 'FIELD_INVALID'],
  ])('refuses %s', (_what, changes, code) => {
    const outcome = read(changes);
    expect(outcome).toMatchObject({ code });
    // Nothing of what stood there.
    expect(JSON.stringify(outcome)).not.toMatch(/13800000001|pigeon|2062|nobody/);
  });

  it.each([
    ['nothing', '', 'BODY_NOT_JSON'],
    ['text', 'hello', 'BODY_NOT_JSON'],
    ['another charset', Buffer.from([0x7b, 0xc4, 0x7d]), 'BODY_NOT_UTF8'],
    ['an array', JSON.stringify([SUBMISSION]), 'ELEMENT_NOT_OBJECT'],
    ['a number that a double cannot hold', '12345678901234567890', 'ELEMENT_NOT_OBJECT'],
    ['null', 'null', 'ELEMENT_NOT_OBJECT'],
    ['an object that looks like our own refusals', '{"code":"X","detail":"y"}', 'FIELD_MISSING'],
  ])('refuses a record of %s', (_what, body, code) => {
    expect(readSubmission(Buffer.from(body), CONTEXT)).toMatchObject({ code });
  });

  it('never throws, and makes nothing but events that keep their contract', () => {
    const value = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.constantFrom('\0', '\ud800', '+', -0));
    const name = fc.constantFrom(...Object.keys(SUBMISSION), 'channel', 'expectReportWithin', '__proto__');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 4 }), (changes) => {
        const body = JSON.stringify(Object.fromEntries([...Object.entries(SUBMISSION), ...changes]));
        const outcome = readSubmission(Buffer.from(body), CONTEXT);
        if (!isUnreadable(outcome)) expectValidEvent(outcome.type, JSON.parse(JSON.stringify(outcome.data)));
      }),
    );
  });
});
