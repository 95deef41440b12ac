import { TYPED } from '#runtime';
import { changeRecord } from '../project-batch.js';
import { InterruptedError } from './interruption.js';
import { KINDS } from '../kinds.js';
import { mendOf, mendRows } from './mend-rows.js';
import type { OpsContext } from './ops-context.js';
import { rederiveStored, type TablePosition } from './rederive.js';
import { replayRecords, type AfterMerge } from './replay.js';
import { readKeys } from './stored-rows.js';
import { replayTopic, stretchesOf, type ReplayRange } from './topic-replay.js';

/**
 * Replays the events topic onto the live tables: facts that a row lacks are added, every row that is met is derived
 * again, and what changes is published under the next revision. Harmless beside running projectors: rows are
 * version-checked, and their positions are left alone.
 */
export async function reproject(context: OpsContext, range: ReplayRange): Promise<void> {
  const stretches = await stretchesOf(context, range);
  const positions = new Map([...stretches].map(([partition, { from }]) => [partition, from]));
  const afterMerge: AfterMerge = async (client, decoded, merged) => {
    const changes = [...merged];
    let mended = 0;
    for (const kind of KINDS) {
      const keys = [...new Set((decoded.events.get(kind.type) ?? []).map((event) => kind.projection.keyOf(event)))];
      if (keys.length === 0) continue;
      const rows = await readKeys(client, kind.table, keys);
      const mends = rows.flatMap((row) => mendOf(row, kind) ?? []);
      mended += mends.length;
      changes.push(...(await mendRows(client, kind, mends, context.installation)));
    }
    await context.publishAll(changes.map((change) => changeRecord(change, context.topics)));
    return { changes: changes.length, mended };
  };
  try {
    const { records, changes, mended, refused } = await replayTopic(context, {
      stretches,
      progress: context.progress('replaying', 'events'),
      replay: (batch) => replayRecords(batch, context.pool, afterMerge, context.erasures, context.signal),
      onPosition: (partition, next) => positions.set(partition, next),
    });
    if (context.signal.aborted) throw new InterruptedError();
    context.print(
      `replayed ${records} events: ${changes} changes published, ${mended} rows mended, ${refused} events refused`,
    );
  } catch (error) {
    const left = [...positions].filter(([partition, next]) => next < stretches.get(partition)!.to);
    const resume = left.map(([partition, next]) => `${partition}:${next}`).join();
    if (left.length > 0) context.print(`stopped; to go on: ${TYPED.ops} reproject --resume ${resume}`);
    throw error;
  }
}

/** Derives every stored row again from its facts, whatever the topic still holds. */
export async function reprojectStored(context: OpsContext, from: TablePosition | null): Promise<void> {
  let position = from;
  try {
    const { rows, mended, changes } = await rederiveStored(context, from, (next) => (position = next));
    context.print(`derived ${rows} rows: ${mended} mended, ${changes} changes published`);
  } catch (error) {
    if (position !== null) {
      const { table, after } = position;
      context.print(`stopped; to go on: ${TYPED.ops} reproject --stored --resume ${table}:${after ?? ''}`);
    }
    throw error;
  }
}
