import type { PoolClient } from 'pg';
import type { CanonicalEvent } from '#contracts';
import { headerText, scanTopic, spanOf, topicOffsets, type IncomingRecord } from '#kafka';
import { KINDS, type Fields, type Kind } from '../../kinds.js';
import { sameJson } from '../../merge/same-json.js';
import { changeRecord } from '../../project-batch.js';
import { inTransaction } from '../../store/transaction.js';
import { mendingChange } from '../announce-stored.js';
import type { OpsContext } from '../ops-context.js';
import { insist } from '../replay.js';
import { readKeys } from '../stored-rows.js';

const RECORDS_A_STEP = 500;

/** How a state came about: two changes that differ in nothing else say the same. */
const WAY: ReadonlySet<string> = new Set(['previousStatus', 'previousValue', 'causedBy', 'revision']);

/** What came of it. */
export interface Continued {
  /** Rows that count on from what subscribers were told. */
  readonly rows: number;
  /** Those of them that said something else, and were published. */
  readonly changes: number;
}

/**
 * Rows that were made anew of what the events topic still holds count their changes from 1, and subscribers who know
 * greater revisions would drop what comes. So they go on from the greatest that the subscriber topics hold; where the row
 * says something else than what was told under it, that is the next change. Beside running projectors it is harmless.
 */
export async function continueRevisions(context: OpsContext): Promise<Continued> {
  let [rows, changes] = [0, 0];
  for (const kind of KINDS.filter(({ table }) => table.counted)) {
    const topic = context.topics[kind.topic];
    const offsets = await topicOffsets(context.kafka, topic);
    const stretches = new Map([...offsets].map(([partition, { low, high }]) => [partition, { from: low, to: high }]));
    const progress = context.progress(`reading ${kind.topic}`, 'records');
    const whole = spanOf(stretches);
    let read = 0;
    await scanTopic({
      kafka: context.kafka,
      topic,
      stretches,
      maxRecords: RECORDS_A_STEP,
      signal: context.signal,
      handle: async (records) => {
        const told = lastTold(records);
        const step = await insist(context.signal, () =>
          inTransaction(context.pool, (client) => continueRows(client, kind, told, context)),
        );
        rows += step.rows;
        changes += step.changes;
        read += records.length;
        progress.report(read, read / whole);
      },
    });
    progress.end();
  }
  return { rows, changes };
}

/** Of each key among these records the change with the greatest revision. */
function lastTold(records: readonly IncomingRecord[]): ReadonlyMap<string, Fields> {
  const told = new Map<string, Fields>();
  for (const record of records) {
    const key = headerText(record, 'ce_subject');
    const change = changeOf(record);
    if (key === undefined || change === null) continue;
    const before = told.get(key);
    if (before === undefined || Number(before.revision) < Number(change.revision)) told.set(key, change);
  }
  return told;
}

/** Null: a tombstone, or nothing of ours. */
function changeOf({ value }: IncomingRecord): Fields | null {
  try {
    const change = JSON.parse(String(value)) as Fields | null;
    return Number.isSafeInteger(change?.revision) ? change : null;
  } catch {
    return null;
  }
}

async function continueRows(
  client: PoolClient,
  kind: Kind,
  told: ReadonlyMap<string, Fields>,
  { installation, publishAll, topics }: OpsContext,
): Promise<Continued> {
  const rows = await readKeys(client, kind.table, [...told.keys()]);
  const behind = rows.filter(({ key, revision }) => revision < Number(told.get(key)!.revision));
  const changes: CanonicalEvent[] = [];
  const writes = behind.map((row) => {
    const last = told.get(row.key)!;
    const state = kind.projection.derive(row.facts);
    const next = mendingChange({ ...row, revision: Number(last.revision) }, state, kind, installation);
    const isNews = next !== null && !sameJson(said(next.data as unknown as Fields), said(last));
    if (isNews) changes.push(next);
    const revision = Number(last.revision) + (isNews ? 1 : 0);
    return { aggregate: { key: row.key, facts: row.facts, revision }, version: row.version, state };
  });
  await kind.table.write(client, writes);
  await publishAll(changes.map((change) => changeRecord(change, topics)));
  return { rows: writes.length, changes: changes.length };
}

/** What a change says of the state, in one order. */
function said(change: Fields): Fields {
  return Object.fromEntries(
    Object.entries(change)
      .filter(([name]) => !WAY.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
