import type { RunRow } from './run-rows.js';
import type { Truth } from './truth.js';

/** How many rows have which status. */
export type RowsByStatus = Readonly<Record<string, number>>;

/** The rows of a run beside what is true. */
export interface RowComparison {
  readonly message: RowsByStatus;
  readonly mobileOriginated: number;
  readonly review: RowsByStatus;
  readonly accountStatus: number;
  /** Rows that say exactly what is true. */
  readonly right: number;
  /** Things that have no row. */
  readonly missing: number;
  /** What is wrong, for people: no number and no text of a person is in it. At most `MOST_SHOWN`. */
  readonly wrong: readonly string[];
  /** How many more are wrong. */
  readonly unshown: number;
}

/** A thing that has a row. */
type Thing = Exclude<Truth, { readonly kind: 'poison' }>;

const MOST_SHOWN = 20;

/** Columns that may hold a person's number or words: that they differ is said, not how. */
const PERSONAL: ReadonlySet<string> = new Set(['recipient', 'text', 'reply sender', 'notice id']);

/** Compares every row with the truth. Poison is passed over: it has no row. */
export async function compareRows(truth: AsyncIterable<Truth>, rows: AsyncIterable<RunRow>): Promise<RowComparison> {
  const awaited = new Map<string, Thing[]>();
  for await (const thing of truth) {
    if (thing.kind === 'poison') continue;
    const identity = identityOf(thing);
    const same = awaited.get(identity);
    if (same === undefined) awaited.set(identity, [thing]);
    else same.push(thing);
  }

  const counts = { message: {} as Record<string, number>, reply: 0, review: {} as Record<string, number>, notice: 0 };
  const wrong = createList();
  let right = 0;
  for await (const row of rows) {
    if (row.kind === 'message' || row.kind === 'review') {
      counts[row.kind][row.status] = (counts[row.kind][row.status] ?? 0) + 1;
    } else counts[row.kind] += 1;
    const thing = take(awaited, row);
    if (thing === null) wrong.add(`${nameOf(row)}, row ${row.key}: nothing of the kind was reported`);
    else {
      const differences = differencesOf(thing, row);
      if (differences.length === 0) right += 1;
      else wrong.add(`${nameOf(row)}, row ${row.key}: ${differences.join(', ')}`);
    }
  }
  const missing = [...awaited.values()].flat();
  for (const thing of missing) wrong.add(`${nameOf(thing)}: no row`);
  return {
    message: counts.message,
    mobileOriginated: counts.reply,
    review: counts.review,
    accountStatus: counts.notice,
    right,
    missing: missing.length,
    wrong: wrong.shown,
    unshown: wrong.unshown,
  };
}

function createList() {
  const list = {
    shown: [] as string[],
    unshown: 0,
    add: (text: string) => {
      if (list.shown.length < MOST_SHOWN) list.shown.push(text);
      else list.unshown += 1;
    },
  };
  return list;
}

/** What tells a thing from all others but those that were sent to other people in the same breath. */
function identityOf(thing: Thing): string {
  switch (thing.kind) {
    case 'message':
      return JSON.stringify([thing.kind, thing.provider, thing.messageId, thing.messageId === null && thing.reference]);
    case 'reply':
      return JSON.stringify([thing.kind, thing.provider, thing.originId, thing.originId === null && thing.addressee]);
    case 'review':
      return JSON.stringify([thing.kind, thing.provider, thing.subject, thing.id]);
    case 'notice':
      return JSON.stringify([thing.kind, thing.provider, thing.subject, thing.id, thing.aspect]);
  }
}

/** Takes the thing that a row is about out of what is awaited. */
function take(awaited: ReadonlyMap<string, Thing[]>, row: RunRow): Thing | null {
  const things = awaited.get(identityOf(row));
  if (things === undefined || things.length === 0) return null;
  const exact = things.findIndex((thing) => personOf(thing) === personOf(row));
  // One message, one row: if they differ in the recipient, that is what is wrong with the row.
  if (exact === -1 && things.length > 1) return null;
  return things.splice(Math.max(0, exact), 1)[0]!;
}

function personOf(thing: Thing): string | null {
  return thing.kind === 'message' ? thing.recipient : null;
}

function differencesOf(thing: Thing, row: RunRow): string[] {
  const is = new Map(Object.entries(row));
  return Object.entries(thing).flatMap(([name, should]: [string, unknown]) => {
    // When it was received nobody but the ingress knows.
    if (name === 'occurredAt' && should === null) return [];
    const found: unknown = is.get(name);
    if (found === should) return [];
    const isPersonal = PERSONAL.has(name) || PERSONAL.has(`${thing.kind} ${name}`);
    return [isPersonal ? `another ${name}` : `${name} is ${String(found)} and not ${String(should)}`];
  });
}

/** A thing in words that name nobody. */
function nameOf(thing: Thing): string {
  switch (thing.kind) {
    case 'message':
      return `${thing.provider} message ${thing.messageId ?? thing.reference ?? ''}`;
    case 'reply':
      return `${thing.provider} reply ${thing.originId ?? `to ${thing.addressee}`}`;
    case 'review':
      return `${thing.provider} ${thing.subject} ${thing.id}`;
    case 'notice': {
      const isNumber = thing.subject === 'person' || thing.subject === 'phone-number';
      return `${thing.provider} ${thing.aspect} of a ${thing.subject}${isNumber ? '' : ` ${thing.id}`}`;
    }
  }
}

/** All of them. */
export function total(counts: RowsByStatus): number {
  return Object.values(counts).reduce((sum, rows) => sum + rows, 0);
}
