/**
 * Exactly-once in effect, at the moments where it could break: what has been published and not committed, what has been
 * committed and nobody knows, and a projector that wakes up when another has long taken over.
 */
import { describe, expect, it } from '@jest/globals';
import { consumerGroup } from '#contracts';
import { groupOffsets, type IncomingRecord } from '#kafka';
import { header, type Installation } from '../system/installation.js';
import { until } from '../system/until.js';
import { withInstallation } from './with-installation.js';

describe('a projector', () => {
  it.concurrent('killed between publishing and commit: the same is told again, and nothing else', () =>
    withInstallation(async ({ installation, feed, proxy }) => {
      const env = { DATABASE_URL: proxy.databaseUrl };
      const projector = await installation.start('projector', { env });
      feed.start();
      await feed.more(200);
      await proxy.hold('commit');
      expect(await toldAhead(installation)).toBeGreaterThan(0);
      projector.process.signal('SIGKILL');
      await projector.process.exited;
      proxy.cut();
      await installation.start('projector', { env });
      await feed.more(200);
      const { told, distinct } = await feed.expectTruth();
      expect(told).toBeGreaterThan(distinct);
    }),
  );

  it.concurrent('killed between its commit and that of its group: nothing that is committed is told again', () =>
    withInstallation(async ({ installation, feed, proxy }) => {
      const env = { DATABASE_URL: proxy.databaseUrl };
      const projector = await installation.start('projector', { env });
      feed.start();
      await feed.more(200);
      await proxy.hold('answer');
      projector.process.signal('SIGKILL');
      await projector.process.exited;
      proxy.cut();
      expect(await isAheadOfGroup(installation)).toBe(true);
      const committed = await revisions(installation);
      const before = new Set((await installation.records('message-status.v1')).map(place));
      await installation.start('projector', { env });
      await feed.more(200);
      await feed.expectTruth();
      const news = (await installation.records('message-status.v1')).filter((record) => !before.has(place(record)));
      const again = news.filter((record) => revisionOf(record) <= (committed.get(header(record, 'ce_subject')) ?? 0));
      expect(news.length).toBeGreaterThan(0);
      expect(again).toEqual([]);
    }),
  );

  it.concurrent('that is not told whether it has committed finds out, and goes on by itself', () =>
    withInstallation(async ({ installation, feed, proxy }) => {
      const projector = await installation.start('projector', { env: { DATABASE_URL: proxy.databaseUrl } });
      feed.start();
      for (const what of ['answer', 'commit', 'answer'] as const) {
        await feed.more(100);
        await proxy.hold(what);
        proxy.cut();
      }
      await feed.more(100);
      await feed.expectTruth();
      expect(projector.process.exit()).toBeNull();
    }),
  );

  it.concurrent('frozen with a batch in hand, and thawed when another has it: the late one writes nothing', () =>
    withInstallation(async ({ installation, feed, proxy }) => {
      const frozen = await installation.start('projector', { env: { DATABASE_URL: proxy.databaseUrl } });
      feed.start();
      await feed.more(200);
      await proxy.hold('commit');
      frozen.process.signal('SIGSTOP');
      // What Postgres does by itself to a session that idles in its transaction for 30 s.
      await endSessions(installation);
      const other = await installation.start('projector');
      const before = await rowCount(installation);
      await until('the other has taken over', async () => (await rowCount(installation)) > before + 200);
      frozen.process.signal('SIGCONT');
      proxy.release();
      await until('it has found out', () => frozen.log().includes('kafka.work-failed'));
      // It gets its share of the partitions back, and works on.
      await until('it is a member again', () => frozen.log().split('"kafka.group-joined"').length > 2);
      await feed.more(200);
      await feed.expectTruth();
      expect([frozen.process.exit(), other.process.exit()]).toEqual([null, null]);
    }),
  );
});

/** Changes that subscribers have been told and no row knows of: published, and not committed. */
async function toldAhead(installation: Installation): Promise<number> {
  const told = await installation.records('message-status.v1');
  const stored = await revisions(installation);
  return told.filter((record) => revisionOf(record) > (stored.get(header(record, 'ce_subject')) ?? 0)).length;
}

/** Of each message the revision in its row. */
async function revisions(installation: Installation): Promise<ReadonlyMap<string, number>> {
  const rows = await installation.rows('SELECT message_key, revision FROM message');
  return new Map(rows.map(({ message_key: key, revision }) => [String(key), Number(revision)]));
}

function place({ partition, offset }: IncomingRecord): string {
  return `${partition}/${offset}`;
}

function revisionOf({ value }: IncomingRecord): number {
  return (JSON.parse(value!.toString()) as { readonly revision: number }).revision;
}

/** Whether Postgres knows of work that the consumer group has not committed. */
async function isAheadOfGroup(installation: Installation): Promise<boolean> {
  const topic = installation.topic('events.v1');
  const group = consumerGroup(installation.environment.TOPIC_PREFIX!, 'projector');
  const committed = await groupOffsets(installation.kafka, group, topic);
  const stored = await installation.rows('SELECT partition, next_offset FROM projector_offset');
  return stored.some(
    ({ partition, next_offset: next }) => BigInt(String(next)) > (committed.get(Number(partition)) ?? 0n),
  );
}

async function rowCount(installation: Installation): Promise<number> {
  return (await installation.rows('SELECT 1 FROM message')).length;
}

/** Ends the sessions of the projector that are in the middle of a transaction. */
async function endSessions(installation: Installation): Promise<void> {
  await installation.rows(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'quittance-projector' AND state = 'idle in transaction'`,
  );
}
