import type { SmallDisks } from './servers.js';
import type { Stage } from './stage.js';

/** Something that goes wrong while receipts come in, and is mended again. */
export interface Fault {
  /** For the command line: kebab-case. */
  readonly name: string;
  /** What happens, in a line. */
  readonly about: string;
  /** Whether it belongs to the quick ones that run with all other tests. */
  readonly quick?: true;
  /**
   * Whether pushes may fail at the door meanwhile: then only vendors push that try again, because what a vendor never
   * repeats and we never took is nobody's loss to show. Otherwise every push has to be taken, whoever's it is.
   */
  readonly refuses?: true;
  /** Whether what topics held is gone with them: then only rows are compared with the truth, and who is told is not. */
  readonly forgets?: true;
  /** What lies on a disk of its own size; MiB. Needs a machine on which the test may mount. */
  readonly disks?: SmallDisks;
  /** Breaks it and mends it; resolves when everything is there that was there before. */
  readonly happen: (stage: Stage) => Promise<void>;
  /** What else must be true when all is over; what is not, for people. */
  readonly judge?: (stage: Stage, seen: Seen) => Promise<readonly string[]> | readonly string[];
}

/** What subscribers and tables show of it. */
export interface Seen {
  /** Records on subscriber topics that repeat an earlier one: same id, same revision, same bytes. */
  readonly repeated: number;
  /** Longest time in which no row was written while it happened and receipts came, seconds. */
  readonly pause: number;
}

/** What came of it. */
export interface FaultResult extends Seen {
  readonly fault: Fault;
  /** Receipts that a vendor was told are taken: pushes answered 200 and messages deleted from queues. */
  readonly accepted: number;
  /** Things that were told of and have no row, or no dead letter where they are poison. */
  readonly lost: number;
  /** Seconds from the end of the fault until a new receipt went all the way. */
  readonly recovery: number;
  /** Everything that is not as promised, for people; empty if all is well. */
  readonly wrong: readonly string[];
}
