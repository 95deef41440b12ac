import type { SourceId } from './callbacks.js';
import { SOURCE_IDS } from './callbacks.js';
import type { Expected } from './plan/plan-run.js';

/** How many receipts of each source. */
export type BySource = Readonly<Record<SourceId, number>>;

/** How a run goes so far. Counts of receipts. */
export interface RunProgress {
  readonly push: {
    readonly planned: number;
    /** Pushed at least once. */
    readonly pushed: number;
    readonly accepted: number;
    /** Attempts beyond the first of each. */
    readonly retried: number;
    /** Not accepted in any attempt: the vendor forgets them. */
    readonly givenUp: number;
    /** Attempts by what became of them: a status, `timeout`, `unreachable`, `wrong-answer`. */
    readonly outcomes: Readonly<Record<string, number>>;
    readonly acceptedBySource: BySource;
  };
  readonly queue: {
    readonly planned: number;
    /** Put into their queues. */
    readonly queued: number;
    /** Deleted there by whoever took them. */
    readonly consumed: number;
    readonly consumedBySource: BySource;
  };
}

/** The same while it is counted. */
export type Counting = {
  -readonly [D in keyof RunProgress]: {
    -readonly [F in keyof RunProgress[D]]: RunProgress[D][F] extends Readonly<Record<infer K extends string, number>>
      ? Record<K, number>
      : RunProgress[D][F];
  };
};

/** Before anything was sent. */
export function noProgress({ receipts }: Pick<Expected, 'receipts'>): Counting {
  const none = (): Record<SourceId, number> =>
    Object.fromEntries(SOURCE_IDS.map((id) => [id, 0])) as Record<SourceId, number>;
  return {
    push: {
      planned: receipts.push,
      pushed: 0,
      accepted: 0,
      retried: 0,
      givenUp: 0,
      outcomes: {},
      acceptedBySource: none(),
    },
    queue: { planned: receipts.queue, queued: 0, consumed: 0, consumedBySource: none() },
  };
}
