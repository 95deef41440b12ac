import { consumerGroup } from '#contracts';
import { groupReaders, topicOffsets } from '#kafka';
import { erasuresApart, joinErasures, type ErasuresApart } from '../../erasures/join-erasures.js';
import { installationOf } from '../../installation-of.js';
import { readStoredErasures } from '../../store/erasures.js';
import { inTransaction } from '../../store/transaction.js';
import { eraseStored } from '../erase.js';
import { placesOf, type OpsContext } from '../ops-context.js';
import { insist } from '../replay.js';
import { continueRevisions } from './continue-revisions.js';
import { followUntilRight } from './follow-until-right.js';
import { forgetPositions, misplacedPositions, readPositions, type MisplacedPosition } from './misplaced-positions.js';

/** What is asked for. */
export interface Recovery {
  /** Says what it would do, and does nothing. */
  readonly isDryRun: boolean;
  /** The tables were made anew of the events: their revisions go on from what subscribers were told. */
  readonly isRebuilt: boolean;
}

/** What is not as it was: nothing of it heals by itself. */
interface Damage {
  readonly misplaced: readonly MisplacedPosition[];
  readonly erasures: ErasuresApart;
}

const WHY: Readonly<Record<MisplacedPosition['why'], string>> = {
  'another-cluster': 'are of another Kafka cluster',
  'made-anew': 'are of another topic of that name, which was made anew',
  'no-partition': 'are of partitions that the topic does not have',
  'beyond-the-end': 'lie beyond where the topic ends',
  'records-gone': 'lie before where the topic begins',
};

/**
 * The way back after a loss of Kafka or Postgres: makes the tables fit the topics as they are, and follows the projectors
 * until the rows are right. Harmless where nothing was lost, and as often as one likes; projectors may run.
 * @returns whether nothing had to be done, or it was
 */
export async function recover(context: OpsContext, { isDryRun, isRebuilt }: Recovery): Promise<boolean> {
  const damage = await insist(context.signal, () => lookFor(context));
  for (const line of describe(damage)) context.print(line);
  const { misplaced, erasures } = damage;
  if (isDryRun) return misplaced.length === 0 && erasures.forgotten.length === 0;

  // Erasures before positions: a projector that waits for nothing else begins at once.
  await insist(context.signal, () => joinErasures(placesOf(context)));
  if (misplaced.length > 0) {
    const topic = context.topics['events.v1'];
    await insist(context.signal, () =>
      inTransaction(context.pool, (client) => forgetPositions(client, topic, misplaced)),
    );
    context.print('positions forgotten: these partitions are read from their first record on');
  }
  // Rows that were restored from before an erasure lose what is personal once more. A projector that came first has
  // brought the erasure back, and not walked the rows: that none is missing now says nothing of them.
  const { keyCheck } = await insist(context.signal, () => readStoredErasures(context.pool));
  if (keyCheck !== null) await eraseStored(await withInstallation(context), null);
  const group = consumerGroup(context.topicPrefix, 'projector');
  const readers = await groupReaders(context.kafka, group, context.topics['events.v1']);
  if (readers.size === 0) context.print('no projector runs: start them; this waits for them');
  const upTo = await followUntilRight(context);
  if (isRebuilt) {
    const { rows, changes } = await continueRevisions(await withInstallation(context));
    context.print(`${rows} rows count on from what subscribers were told; ${changes} of them said something else`);
  }
  context.print(`rows are right up to ${upTo.toISOString()}`);
  return true;
}

async function lookFor(context: OpsContext): Promise<Damage> {
  const { identities, kafka, pool, topics } = context;
  const topic = topics['events.v1'];
  const identity = await identities.current(topic);
  const misplaced = misplacedPositions(await readPositions(pool, topic), identity, await topicOffsets(kafka, topic));
  return { misplaced, erasures: await erasuresApart({ kafka, pool, topic: topics['erasures.v1'] }) };
}

function describe({ misplaced, erasures: { forgotten, unkept, foreign } }: Damage): string[] {
  const lines = [...Map.groupBy(misplaced, ({ why }) => why)].map(([why, of]) => {
    const gone = of.reduce((sum, each) => sum + each.gone, 0n);
    const lost = gone > 0n ? `; ${gone} offsets were removed before they were projected` : '';
    return `positions of ${of.length} partitions ${WHY[why]}${lost}`;
  });
  if (forgotten.length > 0) lines.push(`${forgotten.length} erasures are not in this database: rows may hold them`);
  if (unkept.length > 0) lines.push(`${unkept.length} erasures are in this database alone`);
  if (foreign > 0) lines.push(`${foreign} erasures were kept under another ERASURE_KEY: erase those persons again`);
  return lines.length > 0 ? lines : ['positions and erasures are as they should be'];
}

/** Events are made of rows, which do not hold the installation's name. */
async function withInstallation(context: OpsContext): Promise<OpsContext> {
  const { kafka, topicPrefix, signal } = context;
  return { ...context, installation: context.installation || (await installationOf(kafka, topicPrefix, signal)) };
}
