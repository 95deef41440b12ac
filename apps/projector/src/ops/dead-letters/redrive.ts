import { consumerGroup } from '#contracts';
import { groupReaders, type IncomingRecord, type OutgoingRecord } from '#kafka';
import { inTransaction } from '../../store/transaction.js';
import { goOnUnless } from '../interruption.js';
import type { OpsContext } from '../ops-context.js';
import { insist } from '../replay.js';
import { Tally } from './tally.js';
import { redrivenRecord, REDRIVE_TOPICS, topicOfOrigin, type RedriveTopic, type Unfit } from './redriven-record.js';
import { conditionOf, type Selection } from './selection.js';
import { scanSelected } from './selected-records.js';
import { changeLetters, countSelected, lockLetters, readLetters, type StoredLetter } from './stored-letters.js';
import { bringUpToDate } from './up-to-date.js';
import { wouldRepeat } from './would-repeat.js';

/** How letters are redriven. */
export interface RedriveOptions {
  readonly selection: Selection;
  readonly by: string;
  /** Also what is not open any more, and what would only repeat. */
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Why a letter was not redriven. */
export type Refusal = Unfit | 'would-repeat' | 'not-open';

type Readers = Readonly<Record<RedriveTopic, ReadonlySet<string>>>;

/**
 * Sends dead letters in again, each to the topic that it came from. Published first, noted then, both while the row is
 * locked: two operators cannot redrive one letter twice, and a process that ends in between leaves it open, to be
 * redriven once more, which changes nothing, because what is read from it has the same ids.
 * @returns whether every selected letter was redriven
 */
export async function redrive(context: OpsContext, options: RedriveOptions): Promise<boolean> {
  const { topicId } = await bringUpToDate(context);
  const { selection, dryRun, json } = options;
  const condition = conditionOf(selection, topicId);
  const selected = await countSelected(context, selection, condition);
  const readers = await currentReaders(context);
  const progress = context.progress(dryRun ? 'judging' : 'redriving', 'dead letters');
  const tally = new Tally(selected);
  const redriveBatch = async (records: readonly IncomingRecord[]): Promise<void> => {
    const batch = conditionOf(selection, topicId, records);
    const verdicts = await insist(context.signal, () =>
      inTransaction(context.pool, async (client) => {
        const letters = dryRun
          ? await readLetters(client, batch, records.length)
          : await lockLetters(client, batch, records.length);
        const judged = letters.map((letter) => judge(letter, records, context, readers, options));
        if (dryRun) return judged;
        const redriven = judged.flatMap(({ letter, outcome }) =>
          typeof outcome === 'string' ? [] : [{ letter, outcome }],
        );
        await context.publishAll(redriven.map(({ outcome }) => outcome));
        const { by, force } = options;
        await changeLetters(
          client,
          topicId,
          redriven.map(({ letter }) => letter),
          { state: 'redriven', by, forced: force, reason: null },
        );
        return judged;
      }),
    );
    for (const { letter, outcome } of verdicts) tally.add(letter.code, typeof outcome === 'string' ? outcome : null);
  };
  await scanSelected(context, condition, redriveBatch, (fraction) => {
    progress.report(tally.done, fraction);
  });
  progress.end();
  tally.print(context, { verb: dryRun ? 'would be redriven' : 'redriven', json });
  goOnUnless(context.signal);
  return tally.isWhole;
}

interface Verdict {
  readonly letter: StoredLetter;
  readonly outcome: OutgoingRecord | Refusal;
}

function judge(
  letter: StoredLetter,
  records: readonly IncomingRecord[],
  { topics }: OpsContext,
  readers: Readers,
  { force }: RedriveOptions,
): Verdict {
  const record = records.find(({ partition, offset }) => partition === letter.partition && offset === letter.offset)!;
  const topic = topicOfOrigin(letter.origin, topics);
  if (!force && letter.state !== 'open') return { letter, outcome: 'not-open' };
  if (!force && topic !== null && wouldRepeat(letter, readers[topic])) return { letter, outcome: 'would-repeat' };
  return { letter, outcome: redrivenRecord(record, topics) };
}

/** What reads the topics now that letters go back to. */
async function currentReaders({ kafka, topics, topicPrefix }: OpsContext): Promise<Readers> {
  const readers = {} as Record<RedriveTopic, ReadonlySet<string>>;
  for (const name of REDRIVE_TOPICS) {
    const group = consumerGroup(topicPrefix, name === 'events.v1' ? 'projector' : 'normaliser');
    readers[name] = await groupReaders(kafka, group, topics[name]);
  }
  return readers;
}
