import type { IncomingRecord, Stretch, TopicReader } from '#kafka';

/** Records that one command may read in search of others: about a second's work. */
const MOST_RECORDS = 150_000;
/** The times of records are those of the hosts that wrote them, which may disagree by so much, ms. */
const CLOCK_SKEW = 5_000;

/** What a command may still read. */
export class Allowance {
  #left: number;

  constructor(records = MOST_RECORDS) {
    this.#left = records;
  }

  isUsedUp(): boolean {
    return this.#left <= 0;
  }

  take(records: number): void {
    this.#left -= records;
  }
}

/** Where and for what it is looked. */
export interface Search {
  readonly topic: string;
  /** Null: all. */
  readonly partition: number | null;
  /** Unix ms: when what is looked for cannot have been written yet. */
  readonly since: number;
  /** Unix ms; Infinity: to the end. */
  readonly until: number;
  /** Not more than so many records in this search. */
  readonly most: number;
  readonly matches: (record: IncomingRecord) => boolean;
  /** Whether the search may end; asked whenever something was found. */
  readonly isEnough: (found: readonly IncomingRecord[]) => boolean;
}

/** What a search brought. */
export interface Sightings {
  readonly found: readonly IncomingRecord[];
  /** Whether everything was looked at that was to be, or enough was found. */
  readonly isComplete: boolean;
}

/** Looks through the part of a topic that was written between two times; bounded, whatever lies there. */
export async function searchNear(reader: TopicReader, allowance: Allowance, search: Search): Promise<Sightings> {
  const { topic, partition, since, until, most, matches, isEnough } = search;
  const found: IncomingRecord[] = [];
  if (allowance.isUsedUp()) return { found, isComplete: false };
  const from = await reader.offsetsSince(topic, since - CLOCK_SKEW);
  const ends = until === Infinity ? null : await reader.offsetsSince(topic, until + CLOCK_SKEW);
  const stretches = new Map<number, Stretch>();
  for (const [each, begin] of from) {
    if (partition !== null && each !== partition) continue;
    stretches.set(each, { from: begin, to: ends?.get(each) ?? LAST_OFFSET });
  }
  let read = 0;
  for await (const records of reader.read(topic, stretches)) {
    read += records.length;
    allowance.take(records.length);
    const matching = records.filter(matches);
    found.push(...matching);
    if (matching.length > 0 && isEnough(found)) return { found, isComplete: true };
    if (read >= most || allowance.isUsedUp()) return { found, isComplete: false };
  }
  return { found, isComplete: true };
}

/** Offsets are 64 bits with a sign. */
const LAST_OFFSET = 2n ** 63n - 1n;
