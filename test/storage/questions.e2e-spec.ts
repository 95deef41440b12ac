/** Every query of docs/storage.md is answered through an index, on tables that are large enough for it to matter. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '../../apps/projector/src/store/schema.js';
import { createDatabase, type OwnDatabase } from '../system/own-database.js';
import { uuid } from './reports.js';

const PAGE = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'storage.md'), 'utf8');
const KEY = uuid(77);

/** By question of the page: for each of its queries the index that answers it, and what it is asked with. */
const ANSWERED_BY: Readonly<Record<string, readonly (readonly [index: string, values: readonly unknown[]])[]>> = {
  "What became of a message, by the provider's id": [['message_by_message_id', ['id-77']]],
  'What became of a message, by our own reference': [['message_by_reference', ['order-77']]],
  'What was sent to a person': [
    ['message_by_recipient', ['+8613800000077']],
    ['message_by_recipient_user', ['US.77']],
  ],
  'What failed between two times': [['message_by_status', ['2026-03-01', '2026-03-02']]],
  'What is still open and older than it should be': [['message_not_final', ['2026-02-01']]],
  'What a person wrote': [
    ['mobile_originated_by_sender', ['+8613800000077']],
    ['mobile_originated_by_person', [KEY]],
  ],
  'Who said stop since then': [['mobile_originated_by_keyword', ['2026-05-01']]],
  'What a reply may answer: the conversation': [
    ['mobile_originated_pkey', [KEY]],
    ['message_by_recipient', [KEY]],
  ],
  'Where a template or a sender name stands': [['review_by_subject', ['SMS_77']]],
  'Where an account, a number or a consent stands': [['account_status_by_subject', ['8613800000077']]],
  'What was reported about a message, one after the other': [['message_pkey', [KEY]]],
  'How a review went': [['review_pkey', [KEY]]],
  'What was said about an account, a number or a person': [['account_status_pkey', [KEY]]],
};

const ROWS = 50_000;
const ID = `('00000000-0000-5000-8000-' || lpad(n::text, 12, '0'))::uuid`;
const AT = `timestamptz '2026-01-01 00:00Z' + n * interval '5 minutes'`;
const NUMBER = `'+86138' || lpad((n % 20000)::text, 8, '0')`;
const FILL = [
  `INSERT INTO message SELECT ${ID}, 'alibaba', 'main', 'sms', 'id-' || n, null, ${NUMBER}, 'order-' || n,
     CASE WHEN n % 50 = 0 THEN 'failed' WHEN n % 97 = 0 THEN 'pending' ELSE 'delivered' END, n % 97 <> 0, null, 'C',
     false, null, ${AT}, 1, 1, '[{"id":"a","receiptId":"r","data":{}}]' FROM generate_series(1, ${ROWS}) AS n`,
  `UPDATE message SET recipient_user_id = 'US.' || right(message_id, -3) WHERE message_id LIKE '%7'`,
  `INSERT INTO mobile_originated SELECT ${ID}, ${ID}, 'alibaba', 'main', 'sms', 'o', ${NUMBER}, '1069',
     CASE WHEN n % 100 = 0 THEN 'stop' END, ${AT}, 1, '[{"id":"a","receiptId":"r","data":{}}]'
     FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO review SELECT ${ID}, 'alibaba', 'main', 'sms-template', 'SMS_' || n, 'w', 'approved', null, ${AT}, 1, 1,
     '[{"id":"a","receiptId":"r","data":{}}]' FROM generate_series(1, ${ROWS}) AS n`,
  `INSERT INTO account_status SELECT ${ID}, 'alibaba', 'main', 'whatsapp', 'phone-number',
     '86138' || lpad(n::text, 8, '0'), 'quality', 'GREEN', ${AT}, 1, 1, '[{"id":"a","receiptId":"r","data":{}}]'
     FROM generate_series(1, ${ROWS}) AS n`,
];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

const steps = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(steps)];

/** The queries under each heading of the page. */
function questions(): Map<string, readonly string[]> {
  const sections = PAGE.split(/^#{2,3} /m).map((section) => {
    const queries = [...section.matchAll(/^```sql\n([\s\S]*?)^```/gm)].map(([, query]) => query!);
    return [section.slice(0, section.indexOf('\n')), queries] as const;
  });
  return new Map(sections.filter(([, queries]) => queries.length > 0));
}

describe('questions', () => {
  let database: OwnDatabase;

  beforeAll(async () => {
    database = await createDatabase();
    await migrate(database.url);
    for (const statement of FILL) await database.session.query(statement);
    await database.session.query('ANALYZE');
  });

  afterAll(async () => {
    await database.drop();
  });

  it('of the page are those that are tried here', () => {
    expect([...questions().keys()]).toEqual(Object.keys(ANSWERED_BY));
  });

  it.each(Object.entries(ANSWERED_BY))('%s: an index answers', async (question, answers) => {
    const queries = questions().get(question)!;
    for (const [at, [index, values]] of answers.entries()) {
      // A page has fewer queries than answers where one query needs two indexes.
      const text = queries[Math.min(at, queries.length - 1)]!;
      const { rows } = await database.session.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>({
        text: `EXPLAIN (FORMAT JSON) ${text}`,
        values: [...values],
      });
      const plan = steps(rows[0]!['QUERY PLAN'][0].Plan);
      expect(plan.map((step) => step['Index Name'])).toContain(index);
      expect(plan.filter((step) => step['Node Type'] === 'Seq Scan')).toEqual([]);
      expect(await database.session.query({ text, values: [...values] })).toMatchObject({ command: 'SELECT' });
    }
  });

  it('are asked of tables that would be read from end to end without the index', async () => {
    const [query] = questions().get('What a person wrote')!;
    await database.session.query('BEGIN');
    await database.session.query('DROP INDEX mobile_originated_by_sender');
    const { rows } = await database.session.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>({
      text: `EXPLAIN (FORMAT JSON) ${query!}`,
      values: ['+8613800000077'],
    });
    await database.session.query('ROLLBACK');
    expect(steps(rows[0]!['QUERY PLAN'][0].Plan).map((step) => step['Node Type'])).toContain('Seq Scan');
  });
});
