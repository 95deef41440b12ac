import { expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { topicNames } from '#contracts';
import type { IncomingRecord, Stretch, TopicIdentities, TopicReader } from '#kafka';
import type { Letters, LetterTrace } from './letters.js';
import { Allowance } from './near.js';
import { tellReceipt } from './receipt-story.js';

const RECEIVED = Date.parse('2026-07-09T03:01:33.000Z');
const HOUR = 3_600_000;
/** The time of a UUIDv7 is in its first 48 bits. */
const ID = `${RECEIVED.toString(16).padStart(12, '0').replace(/^.{8}/, '$&-')}-7000-8000-000000000001`;
const TOPICS = topicNames('q.');

function record(topic: string, offset: number, timestamp: number, headers: IncomingRecord['headers']): IncomingRecord {
  return { topic, partition: 0, offset: String(offset), timestamp, key: null, value: Buffer.from('{}'), headers };
}

/** Topics of one partition. */
function readerOf(all: readonly IncomingRecord[]): TopicReader {
  const inTopic = (topic: string) => all.filter((each) => each.topic === topic);
  return {
    offsets: (topic: string) => Promise.resolve(new Map([[0, { low: 0n, high: BigInt(inTopic(topic).length) }]])),
    offsetsSince: (topic: string, time: number) =>
      Promise.resolve(new Map([[0, BigInt(inTopic(topic).filter(({ timestamp }) => timestamp < time).length)]])),
    async *read(topic: string, stretches: ReadonlyMap<number, Stretch>) {
      const { from, to } = stretches.get(0)!;
      yield await Promise.resolve(inTopic(topic).filter(({ offset }) => BigInt(offset) >= from && BigInt(offset) < to));
    },
  } as unknown as TopicReader;
}

it('a receipt of which a part was sent in again hours later has become what came of that, too', async () => {
  const event = { ce_receiptid: ID, ce_type: 'io.quittance.message.status-reported.v1' };
  const reader = readerOf([
    record(TOPICS['raw-receipts.v1'], 0, RECEIVED, { 'receipt-id': ID }),
    record(TOPICS['events.v1'], 0, RECEIVED + 100, { ...event, ce_id: 'first' }),
    record(TOPICS['events.v1'], 1, RECEIVED + 5 * HOUR, { ...event, ce_id: 'redriven' }),
  ]);
  const at = new Date(RECEIVED + 5 * HOUR + 20);
  const letters = [{ state: 'redriven', changes: [{ at, state: 'redriven' }] }] as unknown as LetterTrace[];
  const { events, receipt } = await tellReceipt(
    {
      reader,
      allowance: new Allowance(),
      pool: { query: () => Promise.resolve({ rows: [] }) } as unknown as Pool,
      identities: { current: () => Promise.resolve({ topicId: 't' }) } as unknown as TopicIdentities,
      topics: TOPICS,
      letters: { ofReceipts: () => Promise.resolve(letters) } as unknown as Letters,
      stages: { normaliserBehind: 0n, projectorBehind: 0n, hasPassed: () => true },
    },
    ID,
    600_000,
  );
  expect(receipt.whereabouts).toBe('there');
  expect(events.map(({ id }) => id)).toEqual(['first', 'redriven']);
});
