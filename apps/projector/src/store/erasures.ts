import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { PositionMovedError, TransientError } from '#kafka';
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

/** Somebody who has been erased, as it is stored: it names nobody. */
export interface StoredErasure {
  readonly mac: Buffer;
  /** What was received before that is erased. */
  readonly at: Date;
  /** Tells which `ERASURE_KEY` the MAC is under. */
  readonly keyCheck: Buffer;
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
  /** Greatest version that was met. */
  #latest = 0n;

  constructor(key: string | null) {
    this.#key = key;
  }

  /**
   * What holds at a version.
   * @param client in a transaction that began with `BEGIN_BEFORE_ERASURES`
   * @param version as read in this transaction
   * @returns null: nobody has been erased
   * @throws TransientError while we have not the key
   * @throws PositionMovedError when these tables have been at a later version: they are restored ones
   */
  async at(client: ClientBase, version: string): Promise<Erasures | null> {
    if (BigInt(version) < this.#latest) throw new PositionMovedError('the tables have gone back to fewer erasures');
    this.#latest = BigInt(version);
    if (version !== this.#version) {
      this.#erasures = await this.#load(client);
      this.#version = version;
    }
    return this.#erasures;
  }

  /** The greatest version that was met: tables with a lower one are of an earlier time. */
  get latest(): bigint {
    return this.#latest;
  }

  /** Tables that have gone back know of everybody again at this version. Nothing that was read of them before holds. */
  beginAgainAt(version: bigint): void {
    this.#latest = version;
    this.#version = '';
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
  const erasures = [...new Set(persons)].map((person) => ({ mac: macOf(key, person), at }));
  await addErasures(client, erasures);
  await raiseVersion(client, macOf(key, CHECKED));
}

/** Everybody who has been erased; the check of the key is null where nobody was. */
export async function readStoredErasures(
  pool: Pool,
): Promise<{ readonly keyCheck: Buffer | null; readonly erasures: readonly StoredErasure[] }> {
  // One statement: the check and the persons of the same moment.
  const { rows } = await query<{ key_check: Buffer | null; mac: Buffer | null; at: Date }>(pool, {
    text: 'SELECT key_check, mac, at FROM erasure_version LEFT JOIN erasure ON true',
  });
  const keyCheck = rows[0]!.key_check;
  const erasures = rows.flatMap(({ mac, at }) => (mac === null || keyCheck === null ? [] : [{ mac, at, keyCheck }]));
  return { keyCheck, erasures };
}

/**
 * Stores erasures that were known before, all under one key, and raises the version, as `storeErasure` does.
 * @param client in a transaction
 * @throws TransientError when somebody has been erased under another key meanwhile
 */
export async function restoreErasures(client: ClientBase, erasures: readonly StoredErasure[]): Promise<void> {
  await query(client, { text: LOCK });
  const { keyCheck } = erasures[0]!;
  const { key_check } = await readVersion(client);
  if (key_check?.equals(keyCheck) === false) throw new TransientError('persons are being erased under another key');
  await addErasures(client, erasures);
  await raiseVersion(client, keyCheck);
}

/** Of two instants for one person the later holds. */
async function addErasures(client: ClientBase, erasures: readonly Pick<StoredErasure, 'mac' | 'at'>[]): Promise<void> {
  await query(client, {
    text: `INSERT INTO erasure AS known (mac, at) SELECT * FROM unnest($1::bytea[], $2::timestamptz[])
      ON CONFLICT (mac) DO UPDATE SET at = greatest(known.at, excluded.at)`,
    values: [erasures.map(({ mac }) => mac), erasures.map(({ at }) => at)],
  });
}

async function raiseVersion(client: ClientBase, keyCheck: Buffer): Promise<void> {
  await query(client, { text: 'UPDATE erasure_version SET version = version + 1, key_check = $1', values: [keyCheck] });
}

/** How often persons have been erased in this database: what it had lost, and was told again, counts as well. */
export async function erasureVersion(pool: Pool): Promise<bigint> {
  return BigInt((await query<StoredVersion>(pool, VERSION)).rows[0]!.version);
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
