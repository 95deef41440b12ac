/** More projectors, fewer, and more partitions, while events come: nothing is lost, doubled or overwritten. */
import { describe, expect, it } from '@jest/globals';
import { growTopic } from '../../libs/kafka/src/grow-topic-for-tests.js';
import type { AppProcess } from '../system/app-process.js';
import { until } from '../system/until.js';
import { withInstallation } from './with-installation.js';

const MORE_PARTITIONS = 8;

describe('under load', () => {
  it.concurrent('one projector becomes three, and three become two', () =>
    withInstallation(async ({ installation, feed }) => {
      const first = await installation.start('projector');
      feed.start();
      await feed.more(200);
      const others = await Promise.all([installation.start('projector'), installation.start('projector')]);
      await until('each has its partition', () => [first, ...others].every((app) => assignment(app).length === 1));
      await feed.more(200);
      expect(await first.process.stop('SIGTERM', 20_000)).toEqual({ code: 0, signal: null });
      await until('two have all partitions', () => others.flatMap(assignment).length === 3);
      await feed.more(200);
      await feed.expectTruth();
    }),
  );

  it.concurrent('the events topic grows: keys move, for a while two projectors write the same rows', () =>
    withInstallation(async ({ installation, feed }) => {
      // What lies in the old partitions is not read yet when the same keys come in the new ones.
      await feed.step(400);
      await growTopic(installation.kafka, installation.topic('events.v1'), MORE_PARTITIONS);
      await feed.reconnect();
      await feed.step(400);
      feed.start();
      const apps = await Promise.all([installation.start('projector'), installation.start('projector')]);
      await until('all partitions are dealt', () => apps.flatMap(assignment).length === MORE_PARTITIONS);
      await feed.more(200);
      await feed.expectTruth();
      const written = await installation.rows('SELECT partition FROM projector_offset');
      expect(written).toHaveLength(MORE_PARTITIONS);
    }),
  );
});

/** The partitions that a projector was dealt last. */
function assignment(app: AppProcess): readonly number[] {
  const lines = app
    .log()
    .split('\n')
    .filter((line) => line.includes('"kafka.group-joined"'));
  const { assigned = {} } = JSON.parse(lines.at(-1) ?? '{}') as { assigned?: Record<string, readonly number[]> };
  return Object.values(assigned).flat();
}
