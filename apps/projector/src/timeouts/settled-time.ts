import type { TopicOffsets } from '#kafka';

/** Offsets by partition. */
export type PartitionOffsets = ReadonlyMap<number, bigint>;

/** Where the stages stand, asked anew each time. */
export interface PipelineOffsets {
  /** Names of what the normaliser reads. */
  readonly inbound: readonly string[];
  /** Name of what it makes of that, and the projector reads. */
  readonly events: string;
  /** Where the partitions of a topic begin and end. */
  readonly held: (topic: string) => Promise<TopicOffsets>;
  /** The offset that the normaliser reads next. */
  readonly normalised: (topic: string) => Promise<PartitionOffsets>;
  /** The offset that the projector reads next. */
  readonly projected: () => Promise<PartitionOffsets>;
  /** Up to when what came in has left the spools of the ingresses, Unix ms; Infinity: nobody has one. */
  readonly unspooled: () => Promise<number>;
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
      this.#followed = { ...this.#followed, events: endsOf(await this.#offsets.held(this.#offsets.events)) };
    }
    const { time, events } = this.#followed;
    if (events !== null && (await this.#isProjected(events))) {
      // What was settled stays so, also where a spool has fallen behind since.
      this.#settled = Math.max(time, this.#settled ?? time);
      this.#followed = null;
    }
    return this.#settled;
  }

  async #begin(): Promise<Followed> {
    // Before the ends are asked for: what comes meanwhile is more than has to be waited for, never less.
    const time = Math.min(this.#now(), await this.#offsets.unspooled());
    const inbound = new Map<string, PartitionOffsets>();
    for (const topic of this.#offsets.inbound) inbound.set(topic, endsOf(await this.#offsets.held(topic)));
    return { time, inbound, events: null };
  }

  async #isNormalised({ inbound }: Followed): Promise<boolean> {
    for (const [topic, ends] of inbound) {
      if (ends.size === 0) continue;
      // In this order: a position is never beyond the end that is asked for after it, unless it is of another topic.
      const next = await this.#offsets.normalised(topic);
      const held = await this.#offsets.held(topic);
      const isDone = ([partition, end]: readonly [number, bigint]): boolean =>
        hasPassed(next.get(partition), end, held.get(partition)) || isGone(end, held.get(partition));
      if (![...ends].every(isDone)) return false;
    }
    return true;
  }

  /** Events that are gone and were not projected are for a person to bring back: until then nothing is settled. */
  async #isProjected(ends: PartitionOffsets): Promise<boolean> {
    const next = await this.#offsets.projected();
    const held = await this.#offsets.held(this.#offsets.events);
    return [...ends].every(([partition, end]) => hasPassed(next.get(partition), end, held.get(partition)));
  }
}

type Held = NonNullable<ReturnType<TopicOffsets['get']>>;

/** What holds nothing has nothing to wait for, and perhaps has never been read. */
function endsOf(held: TopicOffsets): PartitionOffsets {
  return new Map([...held].flatMap(([partition, { low, high }]) => (low < high ? [[partition, high] as const] : [])));
}

/**
 * Whether a partition has been read up to where it ended.
 * @param next undefined: it has never been read
 */
function hasPassed(next: bigint | undefined, end: bigint, held: Held | undefined): boolean {
  // A position beyond the end is of a topic of that name that is no more: it says nothing of this one.
  return next !== undefined && next >= end && next <= (held?.high ?? -1n);
}

/**
 * Whether what lay before `end` is there no longer: removed by retention before anybody read it, or gone with a topic
 * that was made anew. It can come no more, and the receipts of others must not wait for it for ever.
 */
function isGone(end: bigint, held: Held | undefined): boolean {
  return held === undefined || held.low >= end || held.high < end;
}
