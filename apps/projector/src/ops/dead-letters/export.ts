import type { IncomingRecord } from '#kafka';
import { goOnUnless } from '../interruption.js';
import type { OpsContext } from '../ops-context.js';
import { openRecordFile, recordFields } from '../record-file.js';
import { publicFields } from './list.js';
import { conditionOf, type Selection } from './selection.js';
import { scanSelected } from './selected-records.js';
import { countSelected, readLetters } from './stored-letters.js';
import { bringUpToDate } from './up-to-date.js';

/** Which letters are written down, and where. */
export interface ExportOptions {
  readonly selection: Selection;
  /** Path of a file that is not there yet; `-`: standard output. */
  readonly file: string;
}

/** Writes letters down, whole: a line of JSON each. What they hold may be personal. */
export async function exportLetters(context: OpsContext, { selection, file }: ExportOptions): Promise<void> {
  const { topicId } = await bringUpToDate(context);
  const condition = conditionOf(selection, topicId);
  await countSelected(context, selection, condition);
  const output = await openRecordFile(file, context.output);
  const progress = context.progress('exporting', 'dead letters');
  let exported = 0;
  const write = async (records: readonly IncomingRecord[]): Promise<void> => {
    const letters = await readLetters(context.pool, conditionOf(selection, topicId, records), records.length);
    const byId = new Map(letters.map((letter) => [letter.id, letter]));
    const meant = records.flatMap((record) => {
      const letter = byId.get(`${record.partition}/${record.offset}`);
      return letter === undefined ? [] : [{ ...publicFields(letter), ...recordFields(record) }];
    });
    await output.write(meant);
    exported += meant.length;
  };
  try {
    await scanSelected(context, condition, write, (fraction) => {
      progress.report(exported, fraction);
    });
    progress.end();
    goOnUnless(context.signal);
  } finally {
    await output.close();
  }
  if (file !== '-') context.print(`${exported} dead letters written to ${file}`);
}
