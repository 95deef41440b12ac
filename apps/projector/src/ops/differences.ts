import { createHmac, randomBytes } from 'node:crypto';

/** Something in a row that is not as it should be. */
export interface Difference {
  readonly table: string;
  readonly key: string;
  /** A column, or `facts` and what of them. */
  readonly column: string;
  /** In words that hold nothing personal. */
  readonly detail: string;
}

/** Columns whose values say nothing about a person: words from lists of ours, times and flags. */
const PLAIN = new Set([
  'provider',
  'account',
  'channel',
  'status',
  'final',
  'reason',
  'conflict',
  'keyword',
  'subject_kind',
  'aspect',
  'sent_at',
  'submitted_at',
  'report_due_at',
  'occurred_at',
]);
/** A reason may also be a provider's sentence. */
const LONGEST_WORD = 40;

/** For this run only: a hash of a number under a known key could be found by trying all numbers. */
const RUN_KEY = randomBytes(32);

/** What a column says, as it may be shown. */
export function describeValue(column: string, value: string | null): string {
  if (value === null) return 'null';
  if (PLAIN.has(column) && value.length <= LONGEST_WORD && /^[\w.:+-]*$/.test(value)) return value;
  const mark = createHmac('sha256', RUN_KEY).update(value).digest('hex').slice(0, 8);
  return `${value.length} characters #${mark}`;
}

/** Gathers differences: all are counted, the first ones listed, each once. */
export class Differences {
  readonly #limit: number;
  readonly #seen = new Set<string>();
  readonly #list: Difference[] = [];
  readonly #rows = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(difference: Difference): void {
    const { table, key, column } = difference;
    const name = `${table} ${key} ${column}`;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    this.#rows.add(`${table} ${key}`);
    if (this.#list.length < this.#limit) this.#list.push(difference);
  }

  /** The first ones. */
  get list(): readonly Difference[] {
    return this.#list;
  }

  get count(): number {
    return this.#seen.size;
  }

  get rows(): number {
    return this.#rows.size;
  }
}
