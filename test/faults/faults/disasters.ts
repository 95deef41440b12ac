import { setTimeout as delay } from 'node:timers/promises';
import { consumerGroup } from '#contracts';
import { forgetOffsets } from '../../../libs/kafka/src/forget-offsets-for-tests.js';
import { backUp, beginAnew, restore } from '../database-copies.js';
import { ErasedPerson } from '../erased-person.js';
import type { Fault } from '../fault.js';
import { copyTopics, setUp } from '../mirror.js';
import { operate } from '../operator.js';
import { INGRESSES, type Part, type Stage } from '../stage.js';

/** What happens between a backup and the loss, and how long a wrong release runs, ms. */
const MEANWHILE = 5_000;

/** What a release writes when it begins came before that: so much earlier the replay begins, ms. */
const LAG_BEFORE = 60_000;

/** What `ops recover` ends with. */
const CLEAR_END = /^rows are right up to \d{4}-/m;

/** Stores that are lost, and the way back as docs/operations.md describes it. */
export const DISASTER_FAULTS: readonly Fault[] = [
  {
    name: 'postgres-restored',
    about: 'Postgres is lost and restored as it was 5 s before; somebody was erased meanwhile',
    happen: async (stage) => {
      const person = await ErasedPerson.in(stage);
      await backUp(stage);
      await person.erase();
      await delay(MEANWHILE);
      await stage.stopInOrder('projector');
      await restore(stage);
      if ((await person.rows()) === 0) throw new Error('the backup is not from before the erasure');
      await stage.start('projector');
      await recover(stage);
      await mustStayErased(person);
    },
  },
  {
    name: 'postgres-lost',
    about: 'Postgres is lost for good, and its tables are made anew of the events; somebody had been erased',
    happen: async (stage) => {
      const person = await ErasedPerson.in(stage);
      await person.erase();
      await stage.stopInOrder('projector');
      await beginAnew(stage);
      await stage.start('projector');
      await recover(stage, '--rebuilt');
      await mustStayErased(person);
    },
  },
  {
    name: 'kafka-lost',
    about: 'Kafka is lost for good when everything had been projected, and an empty cluster takes its place',
    refuses: true,
    forgets: true,
    happen: async (stage) => {
      await stopInOrder(stage, INGRESSES);
      await operate(stage, 'recover');
      await stage.servers.loseKafka();
      await setUp(stage);
      await startAgain(stage, INGRESSES);
      await mustRefuse(stage);
      await recover(stage, '--installation', 'quittance');
      await operate(stage, 'republish', '--installation', 'quittance');
    },
  },
  {
    name: 'kafka-mirrored',
    about: 'a mirror takes the place of Kafka: another cluster, other offsets, some records twice',
    refuses: true,
    happen: async (stage) => {
      const others = [...INGRESSES, 'normaliser'] as const;
      await stopInOrder(stage, [...others, 'projector']);
      await copyTopics(stage, () => stage.servers.loseKafka());
      await startAgain(stage, others);
      await mustRefuse(stage);
      await recover(stage);
    },
  },
  {
    name: 'offsets-lost',
    about: 'the brokers forget how far every consumer group is, as they do after a week of standing still',
    happen: async (stage) => {
      const readers = ['normaliser', 'projector'] as const;
      await stopInOrder(stage, readers);
      const groups = (['normaliser', 'projector', 'ledger'] as const).map((name) =>
        consumerGroup(stage.installation.environment.TOPIC_PREFIX!, name),
      );
      await forgetOffsets(stage.installation.kafka, ...groups);
      await startAgain(stage, readers);
    },
    judge: (_stage, { repeated }) => (repeated === 0 ? [] : [`subscribers were told ${repeated} changes again`]),
  },
  {
    name: 'rows-wrong',
    about: 'a bad release loses reports and writes wrong columns for 5 s, and the events since then are replayed',
    happen: async (stage) => {
      const [now] = await stage.installation.rows('SELECT now() AS at');
      const at = now!.at as Date;
      await delay(MEANWHILE);
      await spoilRows(stage, at);
      await operate(stage, 'reproject', '--from', new Date(at.getTime() - LAG_BEFORE).toISOString());
    },
    judge: verified,
  },
];

/** The projector must have been told nothing but to start: what it writes from then on, and what it finds, is right. */
async function recover(stage: Stage, ...options: readonly string[]): Promise<void> {
  const [said] = await Promise.all([
    operate(stage, 'recover', ...options),
    stage.parts.has('projector') ? undefined : startWhenAsked(stage),
  ]);
  if (!CLEAR_END.test(said)) throw new Error(`recover ended with: ${said}`);
  const again = await operate(stage, 'recover', '--dry-run');
  if (!again.startsWith('positions and erasures are as they should be')) throw new Error(`recover left: ${again}`);
}

/** Once the positions are forgotten. */
async function startWhenAsked(stage: Stage): Promise<void> {
  for (;;) {
    const rows = await stage.installation.rows('SELECT 1 FROM projector_offset');
    if (rows.length === 0) break;
    await delay(100);
  }
  await stage.start('projector');
}

/** It must not guess: whoever starts it on positions of another topic is told so. */
async function mustRefuse(stage: Stage): Promise<void> {
  if (!stage.parts.has('projector')) await stage.start('projector', { ready: false });
  const said = await stage.ended('projector');
  if (!said.includes('see docs/errors.md')) throw new Error('the projector ended without saying what to do');
}

/** What `verify` has to say against the rows. */
function verified(stage: Stage): Promise<readonly string[]> {
  return operate(stage, 'verify').then(
    () => [],
    (error: unknown) => [String(error)],
  );
}

async function mustStayErased(person: ErasedPerson): Promise<void> {
  const rows = await person.rows();
  if (rows > 0) throw new Error(`somebody who was erased is back in ${rows} rows`);
}

async function stopInOrder(stage: Stage, parts: readonly Part[]): Promise<void> {
  await Promise.all(parts.map((part) => stage.stopInOrder(part)));
}

async function startAgain(stage: Stage, parts: readonly Part[]): Promise<void> {
  await Promise.all(parts.map((part) => stage.start(part)));
}

/** Every message that was written since: its facts of since then are gone, and its columns say something else. */
async function spoilRows({ installation }: Stage, since: Date): Promise<void> {
  // A receipt's id begins with the 48 bits of its time (UUIDv7).
  const time = since.getTime().toString(16).padStart(12, '0');
  const first = `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
  const spoilt = await installation.rows(
    `UPDATE message SET status = 'unknown', provider_code = 'SPOILT', version = version + 1, facts = (
        SELECT coalesce(json_agg(fact), '[]') FROM json_array_elements(facts) AS fact WHERE fact ->> 'receiptId' < $2)
      WHERE written_at >= $1 RETURNING 1`,
    [since, first],
  );
  if (spoilt.length === 0) throw new Error('no row was written meanwhile');
}
