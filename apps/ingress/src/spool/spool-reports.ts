import type { SpoolReport } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import type { Logger } from '#runtime';
import type { Spool } from './spool.js';

/** What reporting needs. */
export interface ReportParts {
  readonly spool: Pick<Spool, 'status'>;
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
/** For the last word of a process, ms. */
const LAST_WORD = 500;
const GONE: SpoolReport = { clearUpTo: null, receipts: 0 };

/**
 * Tells the projector up to when what this process took in is in Kafka. What lies in a spool is in no topic: without this
 * nobody could say that a report has not come.
 */
export class SpoolReports {
  readonly #parts: ReportParts;
  /** Spools that have been told of. */
  readonly #told = new Set<string>();
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
      if (producer.connected) this.#tell();
    };
    void producer.connect().then(tell);
    this.#timer = setInterval(tell, EVERY);
  }

  /** The last word, after the spool was closed: the names of the spools that were left with something in them. */
  async stop(left: readonly string[]): Promise<void> {
    const { producer } = this.#parts;
    clearInterval(this.#timer);
    await this.#telling;
    const gone = [...this.#told].filter((name) => !left.includes(name));
    if (producer.connected && gone.length > 0) await this.#publish(gone.map((name) => this.#record(name, GONE)));
    await producer.close(LAST_WORD);
  }

  #tell(): void {
    const { folders, receipts, oldest } = this.#parts.spool.status;
    const report = { clearUpTo: new Date(oldest ?? Date.now()).toISOString(), receipts } satisfies SpoolReport;
    const gone = [...this.#told].filter((name) => !folders.includes(name));
    for (const name of gone) this.#told.delete(name);
    for (const name of folders) this.#told.add(name);
    this.#telling = this.#publish([
      ...folders.map((name) => this.#record(name, report)),
      ...gone.map((name) => this.#record(name, GONE)),
    ]);
  }

  async #publish(records: readonly OutgoingRecord[]): Promise<void> {
    const { producer, logger } = this.#parts;
    try {
      await producer.publishAll(records);
      this.#complained = false;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#complained) logger.warn({ reason }, 'spool.not-reported');
      this.#complained = true;
    }
  }

  #record(name: string, report: SpoolReport): OutgoingRecord {
    return { topic: this.#parts.topic, key: name, value: JSON.stringify(report), headers: {} };
  }
}
