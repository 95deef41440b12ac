import { describe, expect, it } from '@jest/globals';
import type { AcceptedCounts } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { AcceptedReceipts } from './accepted-receipts.js';

const HOUR = 3_600_000;
const TEN = Date.UTC(2026, 6, 9, 10);

/** What the ledger was told, and a Kafka that can be away. */
class Ledger {
  readonly told: AcceptedCounts[] = [];
  isAway = false;
  hangs = false;
  now = TEN;
  readonly receipts = new AcceptedReceipts(
    {
      connect: () => Promise.resolve(),
      publish: ({ value }: OutgoingRecord) => {
        if (this.hangs) return new Promise(() => undefined);
        if (this.isAway) return Promise.reject(new Error('away'));
        this.told.push(JSON.parse(String(value)) as AcceptedCounts);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    'quittance.ledger.v1',
    () => this.now,
  );

  accept(source: string, receivedAt: number, times = 1): void {
    const headers = { source, 'received-at': new Date(receivedAt).toISOString() };
    for (let time = 0; time < times; time++) this.receipts.add({ topic: 'raw', key: null, value: '', headers });
  }
}

describe('accepted receipts', () => {
  it('are told by source and by the hour in which they came in, from the start of the process on', async () => {
    const ledger = new Ledger();
    ledger.accept('a', TEN - 1, 2);
    ledger.accept('a', TEN, 3);
    ledger.accept('b', TEN + HOUR - 1);
    await ledger.receipts.tell(1_000);
    ledger.accept('a', TEN);
    await ledger.receipts.tell(1_000);
    await ledger.receipts.tell(1_000);
    const nine = '2026-07-09T09:00:00.000Z';
    const ten = '2026-07-09T10:00:00.000Z';
    expect(ledger.told.map(({ counts }) => counts)).toEqual([
      [
        { source: 'a', hour: nine, receipts: 2, final: false },
        { source: 'a', hour: ten, receipts: 3, final: false },
        { source: 'b', hour: ten, receipts: 1, final: false },
      ],
      [{ source: 'a', hour: ten, receipts: 4, final: false }],
    ]);
    expect(new Set(ledger.told.map(({ instance }) => instance)).size).toBe(1);
  });

  it('are told once more when their hour is over, and when the process stops', async () => {
    const ledger = new Ledger();
    ledger.accept('a', TEN);
    await ledger.receipts.tell(1_000);
    ledger.now = TEN + HOUR + 61_000;
    ledger.accept('a', ledger.now);
    await ledger.receipts.tell(1_000);
    await ledger.receipts.onApplicationShutdown();
    expect(ledger.told.map(({ counts }) => counts.map(({ receipts, final }) => [receipts, final]))).toEqual([
      [[1, false]],
      [
        [1, true],
        [1, false],
      ],
      [[1, true]],
    ]);
  });

  it('do not keep a process that stops from ending where Kafka hangs', async () => {
    const ledger = new Ledger();
    ledger.hangs = true;
    ledger.accept('a', TEN);
    await ledger.receipts.onApplicationShutdown();
    expect(ledger.told).toEqual([]);
  });

  it('are kept while Kafka is away', async () => {
    const ledger = new Ledger();
    ledger.isAway = true;
    ledger.accept('a', TEN);
    await ledger.receipts.tell(1_000);
    ledger.isAway = false;
    await ledger.receipts.tell(1_000);
    expect(ledger.told.map(({ counts }) => counts[0]?.receipts)).toEqual([1]);
  });
});
