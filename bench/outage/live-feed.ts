import { setTimeout as delay } from 'node:timers/promises';
import { GroupCommitProducer } from '#kafka';
import { SILENT, type Installation } from '../installation.js';
import { rawRecordOf } from '../pipeline/fill.js';
import { body } from '../receipts.js';

/** Between two looks at what is due, ms. */
const TICK = 10;
/** Receipts written at once when many are due: bounds the memory. */
const CHUNK = 5_000;

/**
 * Live traffic: receipts 0, 1, 2 and so on, one a body, so many a second by the clock, written into the topic as the
 * ingress writes them. What a hiccup of Kafka delays is made up for, so that the rate is what was asked for.
 */
export class LiveFeed {
  readonly #producer: GroupCommitProducer;
  readonly #rawRecord: ReturnType<typeof rawRecordOf>;
  readonly #rate: number;
  readonly #beganAt = performance.now();
  readonly #feeding: Promise<void>;
  #accepted = 0;
  #isOver = false;
  #failure: Error | null = null;

  /** Begins at once. @param rate receipts a second */
  constructor(installation: Installation, rate: number) {
    this.#producer = new GroupCommitProducer({ kafka: installation.kafka, logger: SILENT });
    this.#rawRecord = rawRecordOf(installation);
    this.#rate = rate;
    this.#feeding = this.#feed().catch((error: unknown) => {
      this.#failure = new Error('the live traffic broke off', { cause: error });
    });
  }

  /**
   * How many receipts all in-sync replicas have: 0 to this, the last not included.
   * @throws Error when the traffic broke off
   */
  get accepted(): number {
    if (this.#failure !== null) throw this.#failure;
    return this.#accepted;
  }

  /** Since the first was due. */
  get seconds(): number {
    return (performance.now() - this.#beganAt) / 1_000;
  }

  /** Nothing more comes; resolves when Kafka has what was under way. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#feeding;
    await this.#producer.close();
  }

  async #feed(): Promise<void> {
    while (!this.#isOver) {
      const first = this.#accepted;
      const due = Math.floor(this.seconds * this.#rate);
      const count = Math.min(CHUNK, due - first);
      await this.#producer.publishAll(Array.from({ length: count }, (_, at) => this.#rawRecord(body(first + at, 1))));
      this.#accepted = first + count;
      if (count < CHUNK) await delay(TICK);
    }
  }
}
