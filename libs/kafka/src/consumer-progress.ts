import type { ErrorKind } from './classify.js';

/** How far a consumer has come with a topic, in the partitions that this process holds. */
export interface TopicProgress {
  /** Name of the contract, without the prefix. */
  readonly topic: string;
  readonly partitions: number;
  /** Offsets that are not done. */
  readonly lagRecords: number;
  /** Age of the oldest record that is not done; 0: there is none. */
  readonly lagSeconds: number;
  /** Records done since the process began. */
  readonly done: number;
  /** Attempts that failed and are made again, since then. */
  readonly failures: Readonly<Record<RetriedKind, number>>;
}

/** A record that fails for good becomes a dead letter and is counted as one. */
type RetriedKind = Exclude<ErrorKind, 'permanent'>;

interface Partition {
  /** The first offset that is not done; null: not known yet. */
  next: bigint | null;
  /** Where the partition ends, as far as was last seen. */
  end: bigint;
  /** Since when the record at `next` has been in the topic, or at least since when it is known to be, Unix ms. */
  since: number | null;
  /** How often something of it has been fetched. */
  fetches: number;
}

interface Topic {
  readonly name: string;
  readonly partitions: Map<number, Partition>;
  done: number;
  readonly failures: Record<RetriedKind, number>;
}

/** What a fetch brought of a partition. */
export interface FetchedPart {
  readonly topic: string;
  readonly partition: number;
  /** Where it begins. */
  readonly next: string;
  /** Where the partition ended when it was fetched. */
  readonly end: string;
  /** Kafka's time of its first record, Unix ms; null: it has none. */
  readonly time: number | null;
}

/** Where a partition begins and ends. */
interface Bounds {
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * Told where the partitions of a topic began and ended when it was asked.
 * @param committed what the group had committed; it counts only where we do not know better
 */
export type TellBounds = (offsets: ReadonlyMap<number, Bounds>, committed: ReadonlyMap<number, bigint>) => void;

/**
 * What a consumer has not done yet, and for how long that has been waiting. It tells the truth while nothing moves: the age
 * of a record in hand grows by the clock, and where a partition ends is also asked for beside the work (see `LagLook`),
 * since a consumer that is stuck fetches nothing.
 */
export class ConsumerProgress {
  /** By full name. */
  readonly #topics: ReadonlyMap<string, Topic>;

  /**
   * @param names contract names by full name
   * @param now Unix ms
   */
  constructor(
    names: ReadonlyMap<string, string>,
    private readonly now: () => number = Date.now,
  ) {
    this.#topics = new Map(
      [...names].map(([full, name]) => [
        full,
        { name, partitions: new Map(), done: 0, failures: { moved: 0, transient: 0, unexplained: 0 } },
      ]),
    );
  }

  /** Full names of the topics. */
  get topics(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** The group has dealt partitions to us: these, and no others. */
  assigned(assignment: Readonly<Record<string, readonly number[]>>): void {
    for (const [full, { partitions }] of this.#topics) {
      const ours = new Set(assignment[full]);
      for (const partition of partitions.keys()) if (!ours.has(partition)) partitions.delete(partition);
      for (const partition of ours) {
        // Who had it meanwhile may have got further.
        partitions.set(partition, { next: null, end: 0n, since: null, fetches: 0 });
      }
    }
  }

  /** It is read on from there, wherever it was read from before: the group's own offsets may be behind what is done. */
  sought(topic: string, partition: number, next: string): void {
    const known = this.#partition(topic, partition);
    if (known === undefined) return;
    known.next = BigInt(next);
    if (known.next >= known.end) known.since = null;
  }

  /** Records have come. */
  fetched({ topic, partition, next, end, time }: FetchedPart): void {
    const known = this.#partition(topic, partition);
    if (known === undefined) return;
    known.next = BigInt(next);
    known.end = BigInt(end);
    known.since = time;
    known.fetches += 1;
  }

  /**
   * Everything before `next` is done.
   * @param records how many records that were
   * @param time of the last of them, Unix ms: what follows it is not older
   */
  done(topic: string, partition: number, next: string, records: number, time: number): void {
    const ours = this.#topics.get(topic);
    if (ours !== undefined) ours.done += records;
    const known = this.#partition(topic, partition);
    if (known === undefined) return;
    known.next = BigInt(next);
    known.since = known.next < known.end ? time : null;
  }

  /** An attempt failed and will be made again. */
  failed(topic: string, kind: ErrorKind): void {
    const failures = this.#topics.get(topic)?.failures;
    if (failures !== undefined && kind !== 'permanent') failures[kind] += 1;
  }

  /** Whether the next offset of a partition of the topic is not known, as that of one of which nothing has been fetched. */
  isUnsure(topic: string): boolean {
    return [...(this.#topics.get(topic)?.partitions.values() ?? [])].some(({ next }) => next === null);
  }

  /**
   * It is about to be asked where the partitions of a topic begin and end. Meanwhile the work goes on: of a partition of
   * which something was fetched, or that was dealt to us, between question and answer the answer is no news. The end of a
   * moment ago would hide what is in hand, and what somebody else had committed then would be lag that nothing ends.
   * @returns to be told the answer
   */
  look(topic: string): TellBounds {
    const partitions = this.#topics.get(topic)?.partitions ?? new Map<number, Partition>();
    const before = new Map([...partitions].map(([partition, known]) => [partition, { known, fetches: known.fetches }]));
    return (offsets, committed) => {
      for (const [partition, { known, fetches }] of before) {
        const bounds = offsets.get(partition);
        if (bounds === undefined || known.fetches !== fetches || partitions.get(partition) !== known) continue;
        this.#found(known, bounds, committed.get(partition));
      }
    };
  }

  /** One entry for each topic that the consumer reads. */
  read(): readonly TopicProgress[] {
    const now = this.now();
    return [...this.#topics.values()].map(({ name, partitions, done, failures }) => {
      let [lagRecords, lagSeconds] = [0, 0];
      for (const { next, end, since } of partitions.values()) {
        if (next !== null && end > next) lagRecords += Number(end - next);
        // The clock of whoever wrote the record may be ahead of ours.
        if (since !== null) lagSeconds = Math.max(lagSeconds, (now - since) / 1_000);
      }
      return { topic: name, partitions: partitions.size, lagRecords, lagSeconds, done, failures: { ...failures } };
    });
  }

  #found(known: Partition, { low, high }: Bounds, committed: bigint | undefined): void {
    known.next ??= committed ?? low;
    known.end = high;
    // Not fetched: how old it is nobody knows, but that it is there is known from now on.
    if (known.next < known.end) known.since ??= this.now();
    else known.since = null;
  }

  #partition(topic: string, partition: number): Partition | undefined {
    return this.#topics.get(topic)?.partitions.get(partition);
  }
}
