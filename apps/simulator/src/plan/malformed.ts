import type { SourceId } from '../callbacks.js';
import { oneDoorOf } from './facts.js';
import type { Part, Placed, PlannedReceipt, RunContext } from './part.js';
import { part } from './part.js';
import type { PoisonTruth } from './truth.js';

/** A body that holds exactly one unreadable thing, and so must end as exactly one dead letter. */
export interface MalformedShape {
  readonly source: SourceId;
  /** @param mark text that no other body holds; the body must, so that no two dead letters look alike */
  readonly body: (mark: string) => string;
}

/** Bodies that no one can read in full, of all shapes by turns, each through one door. */
export function planMalformed(context: RunContext, shapes: readonly MalformedShape[], count: number): Part {
  const { random, tag } = context;
  const receipts: Placed<PlannedReceipt>[] = [];
  const truth: PoisonTruth[] = [];
  for (let index = 0; index < (shapes.length === 0 ? 0 : count); index += 1) {
    const shape = shapes[index % shapes.length]!;
    const { source } = shape;
    const mark = `malformed-${tag}-${index}`;
    const body = shape.body(mark);
    const door = oneDoorOf(context, source);
    const isPlain = door === 'queue' && random.chance(0.5);
    receipts.push({ at: random.fraction(), what: { door, source, body, ...(isPlain ? { isPlain } : {}) } });
    truth.push({ kind: 'poison', source, door, mark, body });
  }
  return part(receipts, truth, {});
}
