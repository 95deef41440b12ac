import type { SourceId } from '../callbacks.js';
import type { Part, RunContext } from './part.js';
import { part } from './part.js';

/** A body that holds exactly one unreadable thing, and so must end as exactly one dead letter. */
export interface MalformedShape {
  readonly source: SourceId;
  /** @param mark text that no other body holds; the body must, so that no two dead letters look alike */
  readonly body: (mark: string) => string;
}

/** Bodies that no one can read in full, of all shapes by turns. */
export function planMalformed({ random, tag }: RunContext, shapes: readonly MalformedShape[], count: number): Part {
  const pushes = Array.from({ length: count }, (_, index) => {
    const { source, body } = shapes[index % shapes.length]!;
    return { at: random.fraction(), what: { source, body: body(`malformed-${tag}-${index}`) } };
  });
  return part(pushes, { malformed: count });
}
