import type { GroupCommitProducer, OutgoingRecord } from '#kafka';

/** Records that are handed to the producer at once; until then they are objects, from then on bytes. */
const CHUNK = 250;
/** Chunks that may wait for Kafka: enough to go on mapping meanwhile, and a bound on memory. */
const MAX_UNDER_WAY = 4;

/** What a batch of receipts becomes, on its way to Kafka in the order in which it is put in. */
export class Outbox {
  #records: OutgoingRecord[] = [];
  readonly #underWay: Promise<void>[] = [];
  #waited = 0;

  constructor(private readonly producer: Pick<GroupCommitProducer, 'publishAll'>) {}

  /** Whether it is time to `flush`. */
  get isFull(): boolean {
    return this.#records.length >= CHUNK;
  }

  /** How long it was waited for Kafka, ms. */
  get waited(): number {
    return this.#waited;
  }

  add(record: OutgoingRecord): void {
    this.#records.push(record);
  }

  /**
   * Hands over what was added. Waits only while too much is under way.
   * @throws what `publishAll` threw about this or something before
   */
  async flush(): Promise<void> {
    const publishing = this.producer.publishAll(this.#records);
    this.#records = [];
    // Whether it fails is asked when its turn comes; nobody must take it for an error that nobody looks at until then.
    publishing.catch(ignore);
    this.#underWay.push(publishing);
    if (this.#underWay.length > MAX_UNDER_WAY) await this.#wait(this.#underWay.shift());
  }

  /**
   * Resolves when everything is durable.
   * @throws what `publishAll` threw about any of it
   */
  async close(): Promise<void> {
    await this.flush();
    for (const publishing of this.#underWay) await this.#wait(publishing);
  }

  async #wait(publishing: Promise<void> | undefined): Promise<void> {
    const began = performance.now();
    await publishing;
    this.#waited += performance.now() - began;
  }
}

function ignore(): void {
  // `flush` and `close` wait for the same promise.
}
