import { expect } from '@jest/globals';
import { ToldChanges } from '../../dev/told-changes.js';
import { header, type Installation } from '../system/installation.js';

/**
 * Checks the rule of the subscriber topics for every message, and that the last that was told of it is what its row says.
 * @returns how many records there are, and how many different ones
 */
export async function expectToldRight(
  installation: Installation,
): Promise<{ readonly told: number; readonly distinct: number }> {
  const records = await installation.records('message-status.v1');
  const rows = await installation.rows('SELECT message_key, revision, status FROM message ORDER BY message_key');
  const revisions = new Map(rows.map(({ message_key: key, revision }) => [String(key), Number(revision)]));
  const told = new ToldChanges();
  const last = new Map<string, string>();
  for (const record of records) {
    told.take(record);
    const key = header(record, 'ce_subject');
    const { revision, status } = JSON.parse(record.value!.toString()) as { revision: number; status: string };
    if (revision === revisions.get(key)) last.set(key, status);
  }
  expect(told.wrong(revisions)).toEqual([]);
  expect(rows.map(({ message_key: key }) => last.get(String(key)))).toEqual(rows.map(({ status }) => status));
  return { told: told.records, distinct: told.distinct };
}
