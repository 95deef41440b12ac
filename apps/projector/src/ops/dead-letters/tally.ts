import type { OpsContext } from '../ops-context.js';
import type { Refusal } from './redrive.js';
import type { CodeCount } from './stored-letters.js';

/** What an operator is told of letters that were not redriven. */
const SENTENCES: Readonly<Record<Refusal, string>> = {
  'would-repeat': 'what reads them now is what refused them; --force redrives them all the same',
  'not-open': 'somebody has redriven or discarded them; --force redrives them once more',
  'left-at-origin': 'they were too large for a dead letter, and their bytes were left at their origin',
  'origin-unknown': 'they came from no topic that we read',
};
const MISSING = 'somebody was faster, or they have left the topic';

/** What became of the selected letters, by code. */
export class Tally {
  readonly #selected: readonly CodeCount[];
  readonly #redriven = new Map<string, number>();
  readonly #refused = new Map<Refusal, Map<string, number>>();

  constructor(selected: readonly CodeCount[]) {
    this.#selected = selected;
  }

  /** @param refusal null: it was redriven */
  add(code: string, refusal: Refusal | null): void {
    const counts = refusal === null ? this.#redriven : (this.#refused.get(refusal) ?? new Map<string, number>());
    if (refusal !== null) this.#refused.set(refusal, counts);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }

  /** Redriven so far. */
  get done(): number {
    return sum(this.#redriven);
  }

  get isWhole(): boolean {
    return this.done === this.#wanted;
  }

  /** @param verb what was done: `redriven` */
  print({ print }: Pick<OpsContext, 'print'>, { verb, json }: { readonly verb: string; readonly json: boolean }): void {
    const missing =
      this.#wanted - this.done - [...this.#refused.values()].reduce((all, counts) => all + sum(counts), 0);
    if (json) {
      const refused = Object.fromEntries([...this.#refused].map(([refusal, counts]) => [refusal, toObject(counts)]));
      const redriven = toObject(this.#redriven);
      print(JSON.stringify({ selected: this.#wanted, [verb.replaceAll(' ', '-')]: redriven, refused, missing }));
      return;
    }
    print(`${this.done} dead letters ${verb}${byCode(this.#redriven)}`);
    for (const [refusal, counts] of this.#refused) {
      print(`${sum(counts)} refused${byCode(counts)}: ${SENTENCES[refusal]}`);
    }
    if (missing > 0) print(`${missing} not found: ${MISSING}`);
  }

  get #wanted(): number {
    return this.#selected.reduce((all, { letters }) => all + letters, 0);
  }
}

/** Counts as ` (CODE 3, OTHER 1)`; nothing where there are none. */
export function byCode(counts: ReadonlyMap<string, number>): string {
  return counts.size === 0 ? '' : ` (${[...counts].map(([code, count]) => `${code} ${count}`).join(', ')})`;
}

/** Of all codes together. */
export function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}

function toObject(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries(counts);
}
