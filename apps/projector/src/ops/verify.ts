import { Checksum } from './checksum.js';
import { Differences } from './differences.js';
import type { OpsContext } from './ops-context.js';
import { StartError } from '#runtime';
import { createScratchSchema } from './scratch-schema.js';
import { verifyReplay } from './verify-replay.js';
import { verifyStored } from './verify-stored.js';

/** Differences that are listed one by one. */
const LISTED = 100;

/** What is verified. */
export interface VerifyOptions {
  /** Compare with the topic as well. */
  readonly replay: boolean;
}

/**
 * Compares every row with its own facts and, unless that is left out, with a replay of the topic.
 * @returns whether everything is equal
 * @throws StartError when the topic holds too little to compare a single row with: that is no "equal"
 */
export async function verify(context: OpsContext, { replay }: VerifyOptions): Promise<boolean> {
  const differences = new Differences(LISTED);
  const checksum = new Checksum();
  await verifyStored(context, differences, checksum);
  let isTopicTooShort = false;
  if (replay) {
    const scratch = await createScratchSchema(context.databaseUrl);
    try {
      const { events, rows, older } = await verifyReplay(context, scratch, differences);
      context.print(`replayed ${events} events: ${rows} rows compared, ${older} are older than the topic`);
      isTopicTooShort = rows === 0 && older > 0;
    } finally {
      await scratch.drop();
    }
  }
  for (const { table, key, column, detail } of differences.list) context.print(`${table} ${key} ${column}: ${detail}`);
  if (differences.count > differences.list.length) {
    context.print(`and ${differences.count - differences.list.length} more`);
  }
  context.print(`checksum of ${checksum.rows} rows: states ${checksum.states}, facts ${checksum.facts}`);
  const { count } = differences;
  if (count === 0 && isTopicTooShort) {
    throw new StartError('the topic no longer holds all of any row: only --stored can say something about them');
  }
  context.print(count === 0 ? 'equal' : `${count} differences in ${differences.rows} rows`);
  return count === 0;
}
