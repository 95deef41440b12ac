import type { Pool } from 'pg';
import { CHANNELS_WITH_USERS, numberIdentifiers, userIdentifier } from '../../merge/person-identifiers.js';
import type { ErasureStore } from '../../store/erasures.js';
import type { SoughtMessage } from './question.js';

/**
 * Until when the person who is looked for has been erased; null: never. Somebody who is looked for by an id may be anybody
 * of that id, on whatever channel.
 */
export async function erasedUntil(pool: Pool, store: ErasureStore, sought: SoughtMessage): Promise<Date | null> {
  const persons = personsMeant(sought);
  if (persons.length === 0) return null;
  const client = await pool.connect();
  try {
    const instant = (await store.current(client))?.instantOf(persons) ?? null;
    return instant === null ? null : new Date(instant);
  } finally {
    client.release();
  }
}

function personsMeant({ by, value }: SoughtMessage): readonly string[] {
  if (by === 'recipient') return numberIdentifiers(value);
  return by === 'user' ? CHANNELS_WITH_USERS.map((channel) => userIdentifier(channel, value)) : [];
}
