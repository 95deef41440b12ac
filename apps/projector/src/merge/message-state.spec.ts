import { describe, expect, it } from '@jest/globals';
import type { MessageStatus, MessageStatusReported } from '#contracts';
import { joinMessageReports } from './join-data.js';
import { deriveMessage } from './message-state.js';

const REPORT: MessageStatusReported = {
  provider: 'alibaba',
  account: 'main',
  channel: 'sms',
  labels: { unit: 'retail' },
  messageKey: '00000000-0000-5000-8000-000000000001',
  messageId: '900000000000000001^0',
  sender: null,
  recipient: '+8613800000001',
  recipientRaw: '13800000001',
  recipientUserId: null,
  segment: null,
  segmentCount: 1,
  status: 'delivered',
  final: true,
  reason: null,
  retry: null,
  reportedBy: 'carrier',
  providerStatus: 'true',
  providerCode: 'DELIVERED',
  providerDescription: null,
  reference: 'ord-1',
  sentAt: '2026-07-09T03:01:20.000Z',
  occurredAt: '2026-07-09T03:01:33.000Z',
  occurredAtFrom: 'provider',
  mappingRevision: 1,
  extra: {},
};

let ids = 0;
function report(changes: Partial<MessageStatusReported>) {
  return { id: String(ids++), receiptId: 'r', data: { ...REPORT, ...changes } };
}

const ORDER: readonly Partial<MessageStatusReported>[] = [
  { status: 'unknown', final: false },
  { status: 'pending', final: false },
  { status: 'sent', final: false },
  { status: 'expired', final: false, reason: 'no-receipt' },
  { status: 'unknown', final: true },
  { status: 'failed' },
  { status: 'delivered' },
  { status: 'rendered' },
  { status: 'read' },
];

describe('deriveMessage', () => {
  it.each(ORDER.slice(1).map((stronger, at) => [ORDER[at]!, stronger] as const))(
    'takes %j for weaker than %j, even when it is later',
    (weaker, stronger) => {
      const late = report({ ...weaker, occurredAt: '2026-07-10T00:00:00.000Z' });
      const state = deriveMessage([late, report(stronger)]);
      expect(state.status).toBe(stronger.status);
      expect(state.final).toBe(stronger.final ?? true);
    },
  );

  it.each(['failed', 'expired', 'deleted'] as const)(
    'keeps a delivery beside %s, and says that there is a conflict',
    (status) => {
      const state = deriveMessage([report({}), report({ status, reason: 'handset' })]);
      expect(state).toMatchObject({ status: 'delivered', conflict: true });
    },
  );

  it('sees no conflict in our own conclusion that no report came', () => {
    const state = deriveMessage([report({}), report({ status: 'expired', final: false, reason: 'no-receipt' })]);
    expect(state).toMatchObject({ status: 'delivered', conflict: false });
  });

  it('lets the later of equal reports win', () => {
    const early = report({ status: 'failed', providerCode: 'EARLY' });
    const late = report({ status: 'expired', providerCode: 'LATE', occurredAt: '2026-07-09T04:00:00.000Z' });
    expect(deriveMessage([late, early]).providerCode).toBe('LATE');
  });

  it('fills in what the strongest report does not say', () => {
    const state = deriveMessage([
      report({ reference: null, recipient: null }),
      report({ status: 'sent', final: false }),
    ]);
    expect(state).toMatchObject({ status: 'delivered', reference: 'ord-1', recipient: '+8613800000001' });
  });

  it('takes a status of a newer version for unknown', () => {
    const state = deriveMessage([
      report({ status: 'teleported' as MessageStatus, final: false }),
      report({ status: 'sent' }),
    ]);
    expect(state.status).toBe('sent');
  });
});

describe('a message of several segments', () => {
  const part = (number: number, total: number, changes: Partial<MessageStatusReported> = {}) =>
    report({ segment: { number, total }, ...changes });
  const failure = { status: 'failed', reason: 'handset', providerCode: 'UNDELIV' } as const;

  it('is pending until every segment has been reported', () => {
    expect(deriveMessage([part(1, 3), part(3, 3)])).toMatchObject({
      status: 'pending',
      final: false,
      providerCode: null,
      segments: { total: 3, delivered: 2, failed: 0, pending: 1 },
    });
  });

  it('is delivered when the last segment is, at that time', () => {
    const late = '2026-07-09T04:00:00.000Z';
    const state = deriveMessage([part(2, 2, { occurredAt: late }), part(1, 2)]);
    expect(state).toMatchObject({
      status: 'delivered',
      final: true,
      occurredAt: late,
      segments: { total: 2, delivered: 2, failed: 0, pending: 0 },
    });
  });

  it('has failed when one segment has failed for good, whatever the others say', () => {
    const reports = [part(1, 3), part(2, 3, failure), part(3, 3, { status: 'read' })];
    for (const order of [reports, reports.toReversed()]) {
      expect(deriveMessage(order)).toMatchObject({
        status: 'failed',
        providerCode: 'UNDELIV',
        conflict: false,
        segments: { total: 3, delivered: 2, failed: 1, pending: 0 },
      });
    }
  });

  it('has not failed by a segment that failed first and was delivered after all: a conflict', () => {
    const state = deriveMessage([part(1, 2), part(2, 2, failure), part(2, 2)]);
    expect(state).toMatchObject({ status: 'delivered', conflict: true, segments: { delivered: 2, failed: 0 } });
  });

  it('takes a report without a segment for one about each of them', () => {
    expect(deriveMessage([part(1, 3, { status: 'sent', final: false }), report({})])).toMatchObject({
      status: 'delivered',
      segments: { total: 3, delivered: 3, failed: 0, pending: 0 },
    });
  });

  it('believes the largest total, and a number beyond it', () => {
    expect(deriveMessage([part(1, 1), part(2, 3)]).segments).toMatchObject({ total: 3, pending: 1 });
    expect(deriveMessage([part(4, 2)]).segments).toMatchObject({ total: 4, delivered: 1, pending: 3 });
  });

  it('is not made of segments by a count alone', () => {
    expect(deriveMessage([report({ segmentCount: 3 })]).segments).toEqual({
      total: null,
      delivered: 0,
      failed: 0,
      pending: 0,
    });
  });

  it('bears a total that no message has', () => {
    expect(deriveMessage([part(1, 2_000_000_000)]).segments.pending).toBe(1_999_999_999);
  });
});

describe('joinMessageReports', () => {
  it('replaces what an older table mapped, nulls included', () => {
    const old = { ...REPORT, status: 'failed', reason: 'unknown', retry: 'unknown' } as const;
    const repaired = { ...REPORT, status: 'delivered', reason: null, retry: null, mappingRevision: 2 } as const;
    expect(joinMessageReports(old, repaired)).toEqual(repaired);
    expect(joinMessageReports(repaired, old)).toEqual(repaired);
  });

  it('fills in from one copy what the other lacks', () => {
    const queued = { ...REPORT, reference: null, extra: { queue: 1 } };
    const pushed = { ...REPORT, sentAt: null, extra: { push: 1 } };
    expect(joinMessageReports(queued, pushed)).toEqual({ ...REPORT, extra: { push: 1, queue: 1 } });
  });

  it('keeps a field of the provider that is called __proto__', () => {
    const odd = { ...REPORT, extra: JSON.parse('{"__proto__": "x"}') as Record<string, unknown> };
    expect(JSON.stringify(joinMessageReports(odd, { ...REPORT, extra: { a: 1 } }).extra)).toBe(
      '{"__proto__":"x","a":1}',
    );
  });
});
