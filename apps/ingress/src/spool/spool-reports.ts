import { setTimeout as delay } from 'node:timers/promises';
import type { SpoolReport } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import type { Logger } from '#runtime';
import type { Spool } from './spool.js';

/** What reporting needs. */
export interface ReportParts {
  readonly spool: Pick<Spool, 'status' | 'retire' | 'forget'>;
  /** Full name of the topic of spools. */
  readonly topic: string;
  /** Of a producer that publishes nothing else: a topic that is missing must not hold up receipts. */
  readonly producer: {
    readonly connected: boolean;
    connect(): Promise<void>;
    publishAll(records: readonly OutgoingRecord[]): Promise<void>;
    close(within: number): Promise<void>;
  };
  readonly logger: Pick<Logger, 'warn'>;
}

/** How often the projector hears how far it may go, ms. */
const EVERY = 15_000;
/** For the last word of a process, ms. A broker that hangs would have the producer's send timeout. */
const LAST_WORD = 1_000;
const GONE = { behindMs: null, receipts: 0 };

/**
 * Tells the projector how far behind what lies in the spools of this process is. It is in no topic: without this nobody
 * could say that a report has not come. A spool holds the projector back until it is told to be gone; so a folder stays,
 * and with it the duty to tell of it, until Kafka has confirmed that.
 */
export class SpoolReports {
  readonly #parts: ReportParts;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> = Promise.resolve();
  #complained = false;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  /** Begins, in the background. */
  start(): void {
    const { producer } = this.#parts;
    const tell = (): void => {
      // While Kafka is away the last word stands, and holds the projector where it is.
      if (producer.connected) this.#telling = this.tell();
    };
    void producer.connect().then(tell);
    this.#timer = setInterval(tell, EVERY);
  }

  /**
   * The last word: the spool retires, and what is empty is told to be gone. What Kafka does not confirm in time is for
   * whoever has the folder next.
   */
  async stop(): Promise<void> {
    const { spool, producer } = this.#parts;
    clearInterval(this.#timer);
    await spool.retire();
    if (producer.connected) await Promise.race([this.#telling.then(() => this.#tell([])), delay(LAST_WORD)]);
    await producer.close(0);
  }

  /** Tells of every spool that this process holds, or has emptied. Never rejects. */
  async tell(): Promise<void> {
    const { folders, receipts, oldest } = this.#parts.spool.status;
    const report = { behindMs: oldest === null ? 0 : Math.max(0, Date.now() - oldest), receipts };
    await this.#tell(folders.map((name) => this.#record(name, report)));
  }

  /** @param reports what is told beside the spools that are gone */
  async #tell(reports: readonly OutgoingRecord[]): Promise<void> {
    const { spool } = this.#parts;
    const { emptied } = spool.status;
    const isTold = await this.#publish([...reports, ...emptied.map((name) => this.#record(name, GONE))]);
    if (isTold && emptied.length > 0) await spool.forget(emptied);
  }

  async #publish(records: readonly OutgoingRecord[]): Promise<boolean> {
    const { producer, logger } = this.#parts;
    try {
      await producer.publishAll(records);
      this.#complained = false;
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#complained) logger.warn({ reason }, 'spool.not-reported');
      this.#complained = true;
      return false;
    }
  }

  #record(name: string, content: Omit<SpoolReport, 'toldAt'>): OutgoingRecord {
    const report: SpoolReport = { toldAt: new Date().toISOString(), ...content };
    return { topic: this.#parts.topic, key: name, value: JSON.stringify(report), headers: {} };
  }
}
