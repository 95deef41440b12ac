import { DEAD_LETTER_HEADERS, RECEIPT_HEADERS } from '#contracts';
import { headerText, type IncomingRecord } from '#kafka';
import { StartError } from '#runtime';
import type { OpsContext } from '../ops-context.js';
import { recordFields } from '../record-file.js';
import { publicFields } from './list.js';
import { conditionOf, type DeadLetterId, type Selection } from './selection.js';
import { scanSelected } from './selected-records.js';
import { readChanges, readLetters } from './stored-letters.js';
import { bringUpToDate } from './up-to-date.js';

/** Which letter is shown, and how much of it. */
export interface ShowOptions {
  readonly selection: Selection & { readonly ids: readonly DeadLetterId[] };
  /** Also its bytes, its key and all of its headers: these may be personal. */
  readonly content: boolean;
}

/** Headers that we write ourselves, and that hold nothing of anybody. */
const OURS: ReadonlySet<string> = new Set(
  [
    ...Object.values(RECEIPT_HEADERS),
    ...Object.values(DEAD_LETTER_HEADERS),
    'ce_id',
    'ce_type',
    'ce_subject',
    'ce_time',
  ].filter((name) => name !== RECEIPT_HEADERS.remoteAddress && name !== RECEIPT_HEADERS.contentType),
);

/**
 * Shows one letter as JSON: its row, what was done about it, its headers; its content only where that is asked for.
 * @throws StartError when it is not there
 */
export async function show(context: OpsContext, { selection, content }: ShowOptions): Promise<void> {
  const { topicId } = await bringUpToDate(context);
  const condition = conditionOf(selection, topicId);
  const [letter] = await readLetters(context.pool, condition, 1);
  if (letter === undefined) throw new StartError('there is no such dead letter');
  let record: IncomingRecord | undefined;
  await scanSelected(
    context,
    condition,
    ([first]) => {
      record = first;
      return Promise.resolve();
    },
    () => undefined,
  );
  const changes = await readChanges(context.pool, topicId, letter);
  const fields =
    record === undefined ? { record: 'has left the topic' } : content ? recordFields(record) : outline(record);
  context.print(JSON.stringify({ ...publicFields(letter), changes, ...fields }, null, 2));
}

function outline(record: IncomingRecord): object {
  const names = Object.keys(record.headers).filter((name) => OURS.has(name));
  return {
    headers: Object.fromEntries(names.map((name) => [name, headerText(record, name)])),
    bytes: record.value?.length ?? 0,
  };
}
