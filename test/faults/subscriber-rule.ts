import type { TopicName } from '#contracts';
import { ToldChanges } from '../../dev/told-changes.js';
import { header, type Installation } from '../system/installation.js';

/** The topics whose changes are counted, with the rows that they tell of. */
const COUNTED = [
  ['message-status.v1', 'SELECT message_key AS key, revision FROM message'],
  ['review-status.v1', 'SELECT review_key AS key, revision FROM review'],
  ['account-status.v1', 'SELECT subject_key AS key, revision FROM account_status'],
] as const satisfies readonly (readonly [TopicName, string])[];

/** What subscribers were told. */
export interface Told {
  /** Records that repeat an earlier one to the letter: allowed, a subscriber drops them by their id. */
  readonly repeated: number;
  /** What breaks the rule, for people. */
  readonly wrong: readonly string[];
}

/** Where a row of somebody who was erased is made anew, it is told of without what is personal (docs/erasure.md). */
const ERASED = `SELECT message_key AS key FROM message WHERE facts::text LIKE '%"erased":true%'`;

/** Whether everything that subscribers were told keeps to the rule of docs/subscribing.md. */
export async function subscriberRule(installation: Installation): Promise<Told> {
  let repeated = 0;
  const wrong: string[] = [];
  const erased = new Set((await installation.rows(ERASED)).map(({ key }) => String(key)));
  for (const [topic, sql] of COUNTED) {
    const told = new ToldChanges();
    for (const record of await installation.records(topic)) {
      if (!erased.has(header(record, 'ce_subject'))) told.take(record);
    }
    const rows = (await installation.rows(sql)).filter(({ key }) => !erased.has(String(key)));
    repeated += told.records - told.distinct;
    wrong.push(...told.wrong(new Map(rows.map(({ key, revision }) => [String(key), Number(revision)]))));
  }

  // What a person sent is told once, under its id.
  const said = new Map<string, string>();
  for (const record of await installation.records('mobile-originated.v1')) {
    const [id, text] = [header(record, 'ce_id'), record.value?.toString() ?? ''];
    const before = said.get(id);
    if (before !== undefined) repeated += 1;
    if (before !== undefined && before !== text) wrong.push(`${id}: told again with another content`);
    said.set(id, text);
  }
  return { repeated, wrong };
}
