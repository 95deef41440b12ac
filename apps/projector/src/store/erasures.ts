import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ClientBase } from 'pg';
import { TransientError } from '#kafka';
import { StartError } from '#runtime';
import type { Erasures } from '../merge/erasure.js';
import { query } from './query.js';

/**
 * Begins a transaction in which nobody can be erased: whoever erases waits until it has ended, and the next one that
 * begins knows of it. The lock is held before the first snapshot is taken; it conflicts with no writer of rows, no
 * backup and no vacuum, and costs no round trip.
 */
export const BEGIN_BEFORE_ERASURES = 'BEGIN; LOCK TABLE erasure_version IN ROW SHARE MODE';

/** Conflicts with the lock above and with itself, and lets everybody read. */
const LOCK = 'LOCK TABLE erasure_version IN EXCLUSIVE MODE';

/** Of what the check of the key is the MAC: no identifier looks like it. */
const CHECKED = 'the key of erasures';

/** The row of erasure_version. */
export interface StoredVersion {
  readonly version: string;
  readonly key_check: Buffer | null;
}

/** Reads it. */
export const VERSION = { text: 'SELECT version, key_check FROM erasure_version' };

/**
 * The persons that have been erased, as MACs under `ERASURE_KEY`, kept in memory and read anew whenever their version in
 * the database is another.
 */
export class ErasureStore {
  readonly #key: string | null;
  #version = '0';
  #erasures: Erasures | null = null;

  constructor(key: string | null) {
    this.#key = key;
  }

  /**
   * What holds at a version.
   * @param client in a transaction that began with `BEGIN_BEFORE_ERASURES`
   * @param version as read in this transaction
   * @returns null: nobody has been erased
   * @throws TransientError while we have not the key
   */
  async at(client: ClientBase, version: string): Promise<Erasures | null> {
    if (version !== this.#version) {
      this.#erasures = await this.#load(client);
      this.#version = version;
    }
    return this.#erasures;
  }

  /** What holds now; as `at`, but that outside of such a transaction it may hold no more when it is used. */
  async current(client: ClientBase): Promise<Erasures | null> {
    return this.at(client, (await readVersion(client)).version);
  }

  async #load(client: ClientBase): Promise<Erasures | null> {
    const stored = await readVersion(client);
    if (stored.key_check === null) return null;
    const mistake = keyMistake(this.#key, stored);
    if (mistake !== null) throw new TransientError(mistake);
    const { rows } = await query<{ mac: Buffer; at: Date }>(client, { text: 'SELECT mac, at FROM erasure' });
    return new KeyedErasures(this.#key!, new Map(rows.map(({ mac, at }) => [mac.toString('base64'), at.getTime()])));
  }
}

/** The persons by their MACs. */
class KeyedErasures implements Erasures {
  readonly #key: string;
  readonly #instants: ReadonlyMap<string, number>;

  constructor(key: string, instants: ReadonlyMap<string, number>) {
    this.#key = key;
    this.#instants = instants;
  }

  instantOf(persons: Iterable<string>): number | null {
    let latest: number | null = null;
    for (const person of persons) {
      const at = this.#instants.get(macOf(this.#key, person).toString('base64'));
      if (at !== undefined && (latest === null || at > latest)) latest = at;
    }
    return latest;
  }
}

/**
 * Stores that persons are erased, and raises the version. When the transaction has committed, every row that was written
 * without knowing of it is there to be found, and no other will be.
 * @param client in a transaction
 * @param persons identifiers, see person-identifiers.ts
 * @param at the instant; of two for one person the later
 * @throws StartError when persons were erased under another key
 */
export async function storeErasure(
  client: ClientBase,
  key: string,
  persons: readonly string[],
  at: Date,
): Promise<void> {
  await query(client, { text: LOCK });
  const mistake = keyMistake(key, await readVersion(client));
  if (mistake !== null) throw new StartError(mistake);
  await query(client, {
    text: `INSERT INTO erasure AS known (mac, at) SELECT unnest($1::bytea[]), $2::timestamptz
      ON CONFLICT (mac) DO UPDATE SET at = greatest(known.at, excluded.at)`,
    values: [[...new Set(persons)].map((person) => macOf(key, person)), at],
  });
  await query(client, {
    text: 'UPDATE erasure_version SET version = version + 1, key_check = $1',
    values: [macOf(key, CHECKED)],
  });
}

async function readVersion(client: ClientBase): Promise<StoredVersion> {
  const { rows } = await query<StoredVersion>(client, VERSION);
  return rows[0]!;
}

/** What is wrong with the key, for people; null: nothing, or none is needed since nobody has been erased. */
export function keyMistake(key: string | null, { key_check }: StoredVersion): string | null {
  if (key_check === null) return null;
  if (key === null) return 'persons have been erased and ERASURE_KEY is not set: without it they would come back';
  if (timingSafeEqual(macOf(key, CHECKED), key_check)) return null;
  return 'ERASURE_KEY is not the key that persons were erased under: with it they would come back';
}

function macOf(key: string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
