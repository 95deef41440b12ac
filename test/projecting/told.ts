import { expect } from '@jest/globals';
import { header, type Installation } from '../system/installation.js';

/** A change as it was first told. */
interface Told {
  readonly id: string;
  readonly bytes: string;
  readonly status: string;
}

/**
 * The rule of the subscriber topics, checked for every message: its revisions are 1, 2, … up to that of its row, the last
 * one says what the row says, and whatever was told again had the same id and the same bytes.
 * @returns how many records there are, and how many different ones
 */
export async function expectToldRight(
  installation: Installation,
): Promise<{ readonly told: number; readonly distinct: number }> {
  const records = await installation.records('message-status.v1');
  const byKey = new Map<string, Map<number, Told>>();
  for (const record of records) {
    const key = header(record, 'ce_subject');
    const bytes = record.value!.toString();
    const { revision, status } = JSON.parse(bytes) as { readonly revision: number; readonly status: string };
    const told: Told = { id: header(record, 'ce_id'), bytes, status };
    const revisions = byKey.get(key) ?? new Map<number, Told>();
    byKey.set(key, revisions);
    expect(told).toEqual(revisions.get(revision) ?? told);
    revisions.set(revision, told);
  }

  const rows = await installation.rows('SELECT message_key, revision, status FROM message ORDER BY message_key');
  const expected = rows.map(({ message_key: key, revision, status }) => ({
    key,
    revisions: Array.from({ length: Number(revision) }, (_, at) => at + 1),
    status,
  }));
  const found = rows.map(({ message_key: key }) => {
    const revisions = byKey.get(String(key)) ?? new Map<number, Told>();
    const numbers = [...revisions.keys()].sort((a, b) => a - b);
    return { key, revisions: numbers, status: revisions.get(numbers.at(-1) ?? 0)?.status };
  });
  expect(found).toEqual(expected);
  expect(byKey.size).toBe(rows.length);
  const distinct = [...byKey.values()].reduce((sum, { size }) => sum + size, 0);
  return { told: records.length, distinct };
}
