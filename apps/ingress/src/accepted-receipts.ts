import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { hourOf, LEDGER_HEADERS, RECEIPT_HEADERS, type AcceptedCount, type AcceptedCounts } from '#contracts';
import type { GroupCommitProducer, OutgoingRecord } from '#kafka';

/** How often the ledger is told what was accepted, ms: so much of the count a process that is killed takes with it. */
const TELL_EVERY = 5_000;
/** What came in within an hour is answered when it has been over for so long, ms. */
const ANSWERED_AFTER = 60_000;
/** An hour that may come again, because somebody sets the clock back, is remembered for so long, ms. */
const REMEMBERED = 7 * 24 * 3_600_000;
const HOUR = 3_600_000;
/** What the last counts may take when the process stops, ms. A broker that hangs would have the producer's send timeout. */
const LAST_WORDS = 1_000;

interface Count {
  receipts: number;
  /** What the ledger was told. */
  told: number;
  toldFinal: boolean;
}

/**
 * Counts what was acknowledged, by source and hour, for the loss ledger. The counts are those of this start of the process:
 * the ledger keeps the greatest that it hears of each, so telling them twice or in another order changes nothing. They
 * go out by a producer of their own: whatever is wrong with their topic, receipts must not wait for it.
 */
export class AcceptedReceipts implements OnModuleInit, OnApplicationShutdown {
  readonly #instance = randomUUID();
  /** By source, then by the hour as `received-at` begins. */
  readonly #counts = new Map<string, Map<string, Count>>();
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();

  /** @param topic full name of the ledger's topic */
  constructor(
    private readonly producer: Pick<GroupCommitProducer, 'connect' | 'publish' | 'close'>,
    private readonly topic: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** A receipt has been acknowledged, or is about to be taken out of its queue. */
  add({ headers }: OutgoingRecord): void {
    const source = headers[RECEIPT_HEADERS.source] as string;
    const hour = (headers[RECEIPT_HEADERS.receivedAt] as string).slice(0, 13);
    let hours = this.#counts.get(source);
    if (hours === undefined) this.#counts.set(source, (hours = new Map<string, Count>()));
    const count = hours.get(hour);
    if (count === undefined) hours.set(hour, { receipts: 1, told: 0, toldFinal: false });
    else count.receipts += 1;
  }

  onModuleInit(): void {
    void this.producer.connect();
    this.#timer = setInterval(() => {
      this.#telling = this.tell(TELL_EVERY);
    }, TELL_EVERY);
    this.#timer.unref();
  }

  /** Nest calls this after the HTTP server has closed: nothing more is acknowledged. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    const said = this.#telling.then(() => this.tell(LAST_WORDS, true));
    await Promise.race([said, delay(LAST_WORDS)]);
    await this.producer.close(0);
  }

  /**
   * Tells what the ledger has not been told; what does not get there is told the next time. Never rejects.
   * @param within ms
   * @param isLast whether nothing more will be acknowledged
   */
  async tell(within: number, isLast = false): Promise<void> {
    const news: { readonly count: Count; readonly said: AcceptedCount }[] = [];
    for (const [source, hours] of this.#counts) {
      for (const [start, count] of hours) {
        const hour = hourOf(start);
        const age = this.now() - Date.parse(hour) - HOUR;
        const final = isLast || age > ANSWERED_AFTER;
        if (count.receipts > count.told || final !== count.toldFinal) {
          news.push({ count, said: { source, hour, receipts: count.receipts, final } });
        } else if (age > REMEMBERED) hours.delete(start);
      }
    }
    if (news.length === 0) return;
    const value: AcceptedCounts = { instance: this.#instance, counts: news.map(({ said }) => said) };
    const record = {
      topic: this.topic,
      key: this.#instance,
      value: JSON.stringify(value),
      headers: { [LEDGER_HEADERS.kind]: 'accepted' },
    };
    try {
      await this.producer.publish(record, { expiresAt: performance.now() + within });
    } catch {
      // The producer has said what is wrong. The counts are kept.
      return;
    }
    for (const { count, said } of news) {
      count.told = said.receipts;
      count.toldFinal = said.final;
    }
  }
}
