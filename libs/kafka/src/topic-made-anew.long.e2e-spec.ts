/**
 * An offset of one topic means nothing in another one of the same name. The new one may long have grown past it: then
 * nothing but the ids tells, and to read on would skip everything before.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runOps } from '../../../test/operations/run-ops.js';
import { publishEvents, report } from '../../../test/storage/reports.js';
import type { AppProcess } from '../../../test/system/app-process.js';
import { Installation } from '../../../test/system/installation.js';
import { removeKafka, startOwnKafka } from '../../../test/system/own-kafka.js';
import { silentLogger } from '../../../test/system/silent-logger.js';
import { until } from '../../../test/system/until.js';
import { remakeTopic } from './remake-topic-for-tests.js';
import { setUpTopics } from './topic-setup.js';

const OFFSETS = 'SELECT * FROM projector_offset ORDER BY partition';
const ROWS = 'SELECT message_key, version FROM message ORDER BY 1';
const NUMBERS = Array.from({ length: 60 }, (_, at) => at);

/** Ten events for each that a partition had: more than any stored offset. */
const LATER = Array.from({ length: 600 }, (_, at) => report(1_000 + at));

describe('a topic of the same name', () => {
  let installation: Installation;
  let projector: AppProcess;

  beforeEach(async () => {
    installation = await Installation.create();
    projector = await installation.start('projector');
    await publishEvents(
      installation,
      NUMBERS.map((number) => report(number)),
    );
    await installation.untilRows(NUMBERS.length, ROWS);
  });

  afterEach(async () => {
    await installation.stop();
  });

  /** The projector must end by itself, and leave the database as it was. */
  async function expectRefused(app: AppProcess, before: readonly unknown[], ...said: readonly string[]): Promise<void> {
    expect(await app.process.exited).toEqual({ code: 1, signal: null });
    for (const text of said) expect(app.log()).toContain(text);
    expect([await installation.rows(OFFSETS), await installation.rows(ROWS)]).toEqual(before);
  }

  const state = async () => [await installation.rows(OFFSETS), await installation.rows(ROWS)];

  it('is the same one after a restart: both ids stand with the offset, and the next projector goes on', async () => {
    await projector.process.stop('SIGTERM', 20_000);
    const offsets = await installation.rows(OFFSETS);
    expect(new Set(offsets.map(({ topic_id }) => topic_id)).size).toBe(1);
    expect(offsets[0]!.topic_id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(offsets[0]!.cluster_id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    await installation.start('projector');
    await publishEvents(installation, LATER);
    await installation.untilRows(NUMBERS.length + LATER.length, ROWS);
  });

  it('made anew while the projector was away: it ends and says so, and skips nothing', async () => {
    await projector.process.stop('SIGTERM', 20_000);
    await remakeTopic(installation.kafka, installation.topic('events.v1'));
    await publishEvents(installation, LATER);
    const before = await state();
    const again = await installation.start('projector', { ready: false });
    await expectRefused(again, before, 'it was made anew; see docs/errors.md');
  });

  it('made anew under a running projector: it ends and says so, and skips nothing', async () => {
    const before = await state();
    await remakeTopic(installation.kafka, installation.topic('events.v1'));
    await publishEvents(installation, LATER);
    await expectRefused(projector, before, 'it was made anew; see docs/errors.md');
  });

  it('made anew and still empty: a starting projector ends all the same', async () => {
    await projector.process.stop('SIGTERM', 20_000);
    await remakeTopic(installation.kafka, installation.topic('events.v1'));
    const before = await state();
    const again = await installation.start('projector', { ready: false });
    await expectRefused(again, before, 'it was made anew; see docs/errors.md');
  });

  it('is read from its beginning once an operator says so, and the command tells when the rows are right', async () => {
    const ops = (...args: string[]) => runOps(installation.environment, args);
    await projector.process.stop('SIGTERM', 20_000);
    await remakeTopic(installation.kafka, installation.topic('events.v1'));
    await publishEvents(installation, LATER);
    const before = await state();
    const found = 'positions of 3 partitions are of another topic of that name, which was made anew';
    expect(await ops('recover', '--dry-run')).toMatchObject({ code: 1, lines: [found] });
    expect(await state()).toEqual(before);

    // It waits for the projectors, which cannot go on before.
    const recovering = ops('recover');
    await until('the positions are forgotten', async () => (await installation.rows(OFFSETS)).length === 0);
    await installation.start('projector');
    const { code, lines } = await recovering;
    expect({ code, first: lines[0] }).toEqual({ code: 0, first: found });
    expect(lines.at(-1)).toMatch(/^rows are right up to 2/);
    expect(await installation.rows(ROWS)).toHaveLength(NUMBERS.length + LATER.length);
    expect((await ops('recover', '--dry-run')).code).toBe(0);
  });

  it('whose offsets have no ids yet gets them with the next move', async () => {
    await projector.process.stop('SIGTERM', 20_000);
    await installation.rows('UPDATE projector_offset SET cluster_id = NULL, topic_id = NULL');
    await installation.start('projector');
    await publishEvents(installation, LATER);
    await installation.untilRows(NUMBERS.length + LATER.length, ROWS);
    for (const offset of await installation.rows(OFFSETS)) {
      expect(offset.cluster_id).toMatch(/^[A-Za-z0-9_-]{22}$/);
      expect(offset.topic_id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    }
  });

  it('in another cluster: the projector ends and says so', async () => {
    await projector.process.stop('SIGTERM', 20_000);
    const other = await startOwnKafka();
    try {
      const kafka = { ...installation.kafka, brokers: other.brokers.split(',') };
      const topicPrefix = installation.topic('events.v1').slice(0, -'events.v1'.length);
      await setUpTopics({ kafka, logger: silentLogger, topicPrefix, replication: 1, maxPartitions: 3 });
      await publishEvents(installation, LATER, { kafka });
      const before = await state();
      const there = await installation.start('projector', { ready: false, env: { KAFKA_BROKERS: other.brokers } });
      await expectRefused(there, before, 'it is another one, or was set up anew; see docs/errors.md');
    } finally {
      await removeKafka(other);
    }
  });
});
