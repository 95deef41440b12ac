/** More projectors, and fewer, while events come: nothing is lost, doubled or overwritten. */
import { expect, it } from '@jest/globals';
import { until } from '../system/until.js';
import { assignment } from './assignment.js';
import { withInstallation } from './with-installation.js';

it('one projector becomes three under load, and three become two', () =>
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
  }));
