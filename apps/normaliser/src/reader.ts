import { createHash } from 'node:crypto';
import { canonicalJson } from '#contracts';
import type { Configuration } from '#runtime';

/** Digits of the hash: two configurations of one installation will not meet by chance. */
const DIGITS = 12;
/** Of a source. What is undefined leaves no trace in the JSON. */
const NOT_READING = { http: null, mns: null, expectWithin: undefined };

/**
 * What decides what becomes of a receipt beside its own bytes: our version, and what the configuration says about
 * reading. Two normalisers that are called alike read alike, so what one could not read the other cannot either. Doors,
 * secrets and alerts take no part.
 */
export function readerOf(version: string, { installation, accounts, sources }: Configuration): string {
  const withoutDoors = new Map([...sources].map(([id, source]) => [id, { ...source, ...NOT_READING }]));
  const reading: unknown = JSON.parse(JSON.stringify({ installation, accounts, sources: withoutDoors }, mapsAsObjects));
  const hash = createHash('sha256').update(canonicalJson(reading)).digest('hex').slice(0, DIGITS);
  return `${version}/${hash}`;
}

function mapsAsObjects(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value as ReadonlyMap<string, unknown>) : value;
}
