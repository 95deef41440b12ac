import { shuffled, type Random } from '../../apps/simulator/src/plan/random.js';
import { SOURCES, type Slice, type WorldReceipt } from './world.js';

/** Share of what comes twice. */
const REPEATED = 0.3;
/** So many receipts are on their way at a time: each of them may be overtaken by all others. */
const ON_THEIR_WAY = 20_000;

/** Pushes that travel as one where they come one by one: each waits until the one before is durable. */
const AT_ONCE = 50;

/** Everything once, pushed, in the order in which it happened to each message. */
export function* inOrder(slices: Iterable<Slice>): Generator<WorldReceipt> {
  for (const { pushes } of slices) {
    // What two sources tell is never about the same.
    for (const ofSource of Map.groupBy(pushes, ({ source }) => source).values()) {
      for (let from = 0; from < ofSource.length; from += AT_ONCE) yield together(ofSource.slice(from, from + AT_ONCE));
    }
  }
}

/** Several pushes as one. Each is a JSON array; parsed and written again a number might not be what it was. */
function together(pushes: readonly WorldReceipt[]): WorldReceipt {
  return { ...pushes[0]!, body: `[${pushes.map(({ body }) => body.trim().slice(1, -1)).join(',')}]` };
}

/**
 * Everything out of order, a part of it twice, and through both doors where both tell the same: of half of the slices the
 * queues tell all and pushes repeat some of it, of the other half the other way round.
 */
export function* inDisorder(slices: Iterable<Slice>, random: Random): Generator<WorldReceipt> {
  let waiting: WorldReceipt[] = [];
  for (const slice of slices) {
    waiting = shuffled(random, [...waiting, ...sentOf(slice, random)]);
    yield* waiting.splice(ON_THEIR_WAY);
  }
  yield* waiting;
}

function sentOf({ pushes, queued }: Slice, random: Random): WorldReceipt[] {
  const isQueued = random.chance(0.5);
  const chosen = (): boolean => random.chance(REPEATED);
  const both = pushes.filter(({ source }) => SOURCES[source].isQueueAlike);
  const pushedOnly = pushes.filter(({ source }) => !SOURCES[source].isQueueAlike);
  const [all, again] = isQueued ? [queued, both] : [both, queued];
  return [...all, ...again.filter(chosen), ...pushedOnly, ...pushedOnly.filter(chosen)];
}
