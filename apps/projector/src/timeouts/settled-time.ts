/** Offsets by partition. */
export type PartitionOffsets = ReadonlyMap<number, bigint>;

/** Where the stages stand, asked anew each time. */
export interface PipelineOffsets {
  /** Names of what the normaliser reads. */
  readonly inbound: readonly string[];
  /** Name of what it makes of that, and the projector reads. */
  readonly events: string;
  /** The offset that the next record of each partition will get; partitions that hold nothing are left out. */
  readonly ends: (topic: string) => Promise<PartitionOffsets>;
  /** The offset that the normaliser reads next. */
  readonly normalised: (topic: string) => Promise<PartitionOffsets>;
  /** The offset that the projector reads next. */
  readonly projected: () => Promise<PartitionOffsets>;
}

/** An instant whose receipts are followed through the stages. */
interface Followed {
  /** Unix ms. */
  readonly time: number;
  readonly inbound: ReadonlyMap<string, PartitionOffsets>;
  /** Where the events topic ended when the normaliser had passed `inbound`; null before that. */
  readonly events: PartitionOffsets | null;
}

/**
 * Up to when everything that had come in is in the tables: the only time up to which "no report came" may be said. A
 * number of records that wait tells nothing of this, because one may be the very report, and under load some always wait.
 * So an instant is followed through the stages: where the topics of receipts ended then, where the events topic ended
 * once the normaliser had got there, and whether the projectors have got there.
 */
export class SettledTime {
  readonly #offsets: PipelineOffsets;
  readonly #now: () => number;
  #followed: Followed | null = null;
  #settled: number | null = null;

  constructor(offsets: PipelineOffsets, now: () => number = Date.now) {
    this.#offsets = offsets;
    this.#now = now;
  }

  /** Looks once how far the stages have come. Unix ms; null: not known for any time yet. */
  async look(): Promise<number | null> {
    this.#followed ??= await this.#begin();
    if (this.#followed.events === null && (await this.#isNormalised(this.#followed))) {
      this.#followed = { ...this.#followed, events: await this.#offsets.ends(this.#offsets.events) };
    }
    const { time, events } = this.#followed;
    if (events !== null && hasPassed(await this.#offsets.projected(), events)) {
      this.#settled = time;
      this.#followed = null;
    }
    return this.#settled;
  }

  async #begin(): Promise<Followed> {
    // Before the ends are asked for: what comes meanwhile is more than has to be waited for, never less.
    const time = this.#now();
    const inbound = new Map<string, PartitionOffsets>();
    for (const topic of this.#offsets.inbound) inbound.set(topic, await this.#offsets.ends(topic));
    return { time, inbound, events: null };
  }

  async #isNormalised({ inbound }: Followed): Promise<boolean> {
    for (const [topic, ends] of inbound) {
      if (ends.size > 0 && !hasPassed(await this.#offsets.normalised(topic), ends)) return false;
    }
    return true;
  }
}

/** Whether every partition has been read up to where it ended; one that has never been read has not. */
function hasPassed(next: PartitionOffsets, ends: PartitionOffsets): boolean {
  return [...ends].every(([partition, end]) => (next.get(partition) ?? -1n) >= end);
}
