import { expect, it } from '@jest/globals';
import { assignment } from '../../../test/projecting/assignment.js';
import { withInstallation } from '../../../test/projecting/with-installation.js';
import { until } from '../../../test/system/until.js';
import { growTopic } from './grow-topic-for-tests.js';

const MORE_PARTITIONS = 8;

it('a topic that grows under load: keys move, and while two projectors write the same rows nothing is lost', () =>
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
  }));
