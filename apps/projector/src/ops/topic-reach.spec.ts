import { describe, expect, it } from '@jest/globals';
import { partitionOfKey, type IncomingRecord } from '#kafka';
import { TopicReach } from './topic-reach.js';

const PARTITIONS = 3;
/** A key of each partition. */
const KEYS = Array.from({ length: PARTITIONS }, (_, partition) => keyOf(partition, PARTITIONS));
const CUT = Date.UTC(2026, 6, 9, 12);
const HOUR = 3_600_000;

function keyOf(partition: number, partitions: number): string {
  for (let at = 0; ; at++) if (partitionOfKey(Buffer.from(`key-${at}`), partitions) === partition) return `key-${at}`;
}

function received(time: number) {
  const digits = time.toString(16).padStart(12, '0');
  return { id: 'a', receiptId: `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`, data: {} };
}

function submitted(position: string) {
  return { id: 'a', receiptId: position, rawPosition: position, data: {} };
}

function record(partition: number, { key = KEYS[partition]!, submission = '' } = {}): IncomingRecord {
  const headers: Record<string, Buffer> = { ce_type: Buffer.from('io.quittance.message.status-reported.v1') };
  if (submission !== '') {
    headers.ce_type = Buffer.from('io.quittance.message.submitted.v1');
    headers.ce_rawposition = Buffer.from(submission);
  }
  return { topic: 'events', partition, offset: '7', timestamp: CUT, key: Buffer.from(key), value: null, headers };
}

/** Of a topic whose partitions begin at these offsets. */
function reach(lows: readonly bigint[], ...records: readonly IncomingRecord[]): TopicReach {
  const subject = new TopicReach();
  subject.noteOffsets(new Map(lows.map((low, partition) => [partition, { low, high: 100n }])));
  for (const each of records) subject.noteRecords([each]);
  return subject;
}

describe('TopicReach', () => {
  it('must hold everything while nothing has left the topic', () => {
    const subject = reach([0n, 0n, 0n]);
    expect(subject.holds(KEYS[0]!, received(0))).toBe(true);
    expect(subject.holds(KEYS[0]!, submitted('submissions/0/1'))).toBe(true);
  });

  it('holds what was received after the partition of its key begins, whatever became of the others', () => {
    // Partition 1 has lost everything, partition 2 nothing.
    const subject = reach([5n, 100n, 0n], record(0), record(2));
    expect(subject.holds(KEYS[0]!, received(CUT + HOUR))).toBe(true);
    expect(subject.holds(KEYS[0]!, received(CUT))).toBe(false);
    expect(subject.holds(KEYS[1]!, received(CUT + HOUR))).toBe(false);
    expect(subject.holds(KEYS[2]!, received(CUT + HOUR))).toBe(true);
  });

  it('holds submissions that came behind one that it holds', () => {
    const subject = reach(
      [5n, 5n, 5n],
      record(0, { submission: 'submissions/1/40' }),
      record(0, { submission: 'submissions/1/41' }),
      record(1),
    );
    expect(subject.holds(KEYS[0]!, submitted('submissions/1/40'))).toBe(true);
    expect(subject.holds(KEYS[0]!, submitted('submissions/1/100'))).toBe(true);
    expect(subject.holds(KEYS[0]!, submitted('submissions/1/39'))).toBe(false);
    expect(subject.holds(KEYS[0]!, submitted('submissions/2/50'))).toBe(false);
    expect(subject.holds(KEYS[1]!, submitted('submissions/1/50'))).toBe(false);
  });

  it('holds only what every cut partition would hold, once the topic has grown', () => {
    const subject = reach([5n, 100n, 0n], record(0), record(2, { key: KEYS[0]! }));
    expect(subject.holds(KEYS[0]!, received(CUT + HOUR))).toBe(false);
    const other = reach([5n, 0n, 0n], record(0), record(2, { key: KEYS[0]! }));
    expect(other.holds(KEYS[2]!, received(CUT + HOUR))).toBe(true);
    expect(other.holds(KEYS[2]!, received(CUT))).toBe(false);
  });
});
