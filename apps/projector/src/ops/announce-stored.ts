import type { CanonicalEvent } from '#contracts';
import type { Fact } from '../merge/fact-set.js';
import type { Fields, Kind } from '../kinds.js';
import type { StoredRow } from './stored-rows.js';

/**
 * The event of a stored fact. What a row does not keep is derived: the source from provider and account.
 */
export function factEvent(fact: Fact<Fields>, kind: Kind, subject: string, installation: string): CanonicalEvent {
  const { provider, account } = fact.data;
  return {
    id: fact.id,
    type: kind.type,
    source: `/${installation}/${String(provider)}/${String(account)}`,
    subject,
    time: timeOf(fact),
    receiptId: fact.receiptId,
    data: fact.data as unknown as CanonicalEvent['data'],
  };
}

/** The fact that a state rests on: of those that say the same as it the last, else the last of all. */
export function speakingFact(facts: readonly Fact<Fields>[], state: Fields): Fact<Fields> {
  const saysSo = ({ data }: Fact<Fields>): boolean =>
    data.status === state.status && data.value === state.value && data.occurredAt === state.occurredAt;
  const later = (a: Fact<Fields>, b: Fact<Fields>): Fact<Fields> => (timeOf(a) > timeOf(b) ? a : b);
  const speaking = facts.filter(saysSo);
  return (speaking.length > 0 ? speaking : facts).reduce((best, fact) => later(fact, best));
}

/** When a fact happened; a submission says it by another name. */
function timeOf({ data }: Fact<Fields>): string {
  return String(data.occurredAt ?? data.submittedAt);
}

/**
 * The change that a row's state was last published as, with its id and revision, or null where nothing was published.
 * Rows do not keep what came before a change: `previousStatus` and `previousValue` are null.
 */
export function lastChange(row: StoredRow, kind: Kind, installation: string): CanonicalEvent | null {
  const { projection, table } = kind;
  if (row.facts.length === 0 || (table.counted && row.revision === 0)) return null;
  const state = projection.derive(row.facts);
  const fact = speakingFact(row.facts, state);
  const subject = table.counted ? row.key : String(state.personKey);
  return projection.announce(
    { state, previous: null, revision: row.revision },
    factEvent(table.counted ? fact : { ...fact, data: state }, kind, subject, installation),
  );
}

/** The change that a row of another state becomes: under the next revision. */
export function mendingChange(row: StoredRow, state: Fields, kind: Kind, installation: string): CanonicalEvent | null {
  if (!kind.table.counted) return null;
  const fact = speakingFact(row.facts, state);
  const { status, value } = row.columns;
  const previous = { ...state, status: status ?? state.status, value: value ?? state.value };
  return kind.projection.announce(
    { state, previous, revision: row.revision + 1 },
    factEvent(fact, kind, row.key, installation),
  );
}
