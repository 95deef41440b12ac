import { describe, expect, it } from '@jest/globals';
import { Identity } from '#contracts';
import type { IncomingRecord } from '#kafka';
import { PROVIDERS } from '#providers';
import { normaliseSubmission, type SubmissionSettings } from './normalise-submission.js';

const SETTINGS: SubmissionSettings = {
  installation: 'quittance',
  identity: new Identity('6f1d6a0e-2c0f-4a55-9b8e-0d7f1d1f5a11'),
  providers: PROVIDERS,
  account: (provider, name) =>
    provider === 'huawei' && name === 'hw'
      ? { labels: {}, senders: new Map(), channels: [], expectReportWithin: 3_600_000 }
      : undefined,
};

const SUBMISSION = {
  provider: 'huawei',
  account: 'hw',
  messageId: 'm1',
  recipient: '+8613800000001',
  submittedAt: '2026-07-09T03:01:19Z',
};

function normalise(value: string | null, timestamp = Date.parse('2026-07-09T03:01:20Z')) {
  const record: IncomingRecord = {
    topic: 'quittance.submissions.v1',
    partition: 2,
    offset: '41',
    timestamp,
    key: null,
    value: value === null ? null : Buffer.from(value),
    headers: {},
  };
  return normaliseSubmission(record, SETTINGS);
}

describe('normaliseSubmission', () => {
  it('makes one event that names its record', () => {
    const { events, deadLetters, elements } = normalise(JSON.stringify(SUBMISSION));
    expect(events).toMatchObject([
      { receiptId: 'quittance.submissions.v1/2/41', data: { expectReportWithin: 'PT1H' } },
    ]);
    expect({ deadLetters, elements }).toEqual({ deadLetters: [], elements: 1 });
  });

  it('keeps what it refuses, byte for byte', () => {
    const body = JSON.stringify({ ...SUBMISSION, account: 'other' });
    expect(normalise(body)).toEqual({
      events: [],
      deadLetters: [{ code: 'ACCOUNT_UNKNOWN', detail: expect.any(String), element: null, value: Buffer.from(body) }],
      elements: 0,
    });
    expect(normalise(null).deadLetters).toMatchObject([{ code: 'BODY_NOT_JSON' }]);
  });

  it.each([-1, 0, 8.64e15 + 1, Infinity, NaN])('believes a time beside a record without a time: %d', (timestamp) => {
    expect(normalise(JSON.stringify(SUBMISSION), timestamp).events).toHaveLength(1);
  });
});
