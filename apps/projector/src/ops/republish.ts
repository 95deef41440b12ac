import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { TopicName } from '#contracts';
import { changeRecord } from '../project-batch.js';
import { inTransaction } from '../store/transaction.js';
import { lastChange } from './announce-stored.js';
import { goOnUnless } from './interruption.js';
import { KINDS, type Kind } from '../kinds.js';
import { mendRows, retellingOf } from './mend-rows.js';
import type { OpsContext } from './ops-context.js';
import { fractionOfKeys } from './progress.js';
import { insist } from './replay.js';
import { readPage, type Where } from './stored-rows.js';

/** What is published again. Null: everything. */
export interface RepublishFilter {
  readonly topics: readonly TopicName[] | null;
  /** Rows written since then: RFC 3339. */
  readonly since: string | null;
  readonly status: string | null;
  readonly provider: string | null;
  readonly account: string | null;
  /** The key on the topic. */
  readonly key: string | null;
}

/** Rows are locked while they are published: few at a time. */
const ROWS_A_PAGE = 100;

/**
 * Publishes what is stored once more, under the id and revision of its last published change, so that subscribers drop
 * what they have; and what is not, or may not be, what that change said, under the next revision, written in the same
 * transaction: one revision never has two contents. Rows stand still while they are published: a change that a projector publishes meanwhile comes after
 * them, never before, so that on a compacted topic the newest stays.
 * @param rate events a second at most
 */
export async function republish(context: OpsContext, filter: RepublishFilter, rate: number): Promise<void> {
  let published = 0;
  const began = performance.now();
  for (const kind of KINDS) {
    const where = conditionOf(kind, filter);
    if (where === null) continue;
    const progress = context.progress(`republishing ${kind.topic}`, 'events');
    let after: string | null = null;
    for (;;) {
      goOnUnless(context.signal);
      const page: PublishedPage = await republishPage(context, kind, where, after, rate);
      if (page.last === null) break;
      after = page.last;
      published += page.published;
      progress.report(published, fractionOfKeys(after));
      const ahead = (published / rate) * 1000 - (performance.now() - began);
      if (ahead > 0) await sleep(ahead, undefined, { signal: context.signal }).catch(() => undefined);
    }
    progress.end();
  }
  context.print(`republished ${published} events`);
}

interface PublishedPage {
  readonly published: number;
  /** Key of the last row; null: there are no more. */
  readonly last: string | null;
}

function republishPage(
  context: OpsContext,
  kind: Kind,
  where: Where,
  after: string | null,
  rate: number,
): Promise<PublishedPage> {
  const limit = Math.min(ROWS_A_PAGE, rate);
  const publish = async (client: PoolClient): Promise<PublishedPage> => {
    const rows = await readPage(client, kind.table, { after, limit, where, lock: true });
    const news = rows.flatMap((row) => retellingOf(row, kind) ?? []);
    const known = rows.filter((row) => !news.some((mend) => mend.row === row));
    const changes = [
      ...(await mendRows(client, kind, news, context.installation)),
      ...known.flatMap((row) => lastChange(row, kind, context.installation) ?? []),
    ];
    await context.publishAll(changes.map((change) => changeRecord(change, context.topics)));
    return { published: changes.length, last: rows.at(-1)?.key ?? null };
  };
  return insist(context.signal, () => inTransaction(context.pool, publish));
}

/** The filter as a condition on the columns of a kind; null: nothing of this kind is meant. */
function conditionOf(kind: Kind, filter: RepublishFilter): Where | null {
  if (filter.topics && !filter.topics.includes(kind.topic)) return null;
  const columns = new Set(kind.table.columns.map(({ name }) => name));
  if (filter.status !== null && !columns.has('status')) return null;
  const conditions: [string, string][] = [];
  if (filter.since !== null) conditions.push(['written_at >= ?::timestamptz', filter.since]);
  if (filter.status !== null) conditions.push(['status = ?', filter.status]);
  if (filter.provider !== null) conditions.push(['provider = ?', filter.provider]);
  if (filter.account !== null) conditions.push(['account = ?', filter.account]);
  if (filter.key !== null) {
    conditions.push([`${columns.has('person_key') ? 'person_key' : kind.table.key} = ?::uuid`, filter.key]);
  }
  return { sql: conditions.map(([sql]) => sql).join(' AND ') || 'true', values: conditions.map(([, value]) => value) };
}
