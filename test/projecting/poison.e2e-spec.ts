/** One event in a hundred breaks the contract, each in its own way: it becomes a dead letter, and all others become rows. */
import { expect, it } from '@jest/globals';
import { GroupCommitProducer } from '#kafka';
import { header } from '../system/installation.js';
import { silentLogger } from '../system/silent-logger.js';
import { POISON } from './poison.js';
import { withInstallation } from './with-installation.js';

/** Messages between two poisoned events: about a hundred events. */
const BETWEEN = 35;
const TIMES = 4;

it('of poisoned events each becomes a dead letter with its bytes, and nobody waits for it', () =>
  withInstallation(async ({ installation, feed }) => {
    const topic = installation.topic('events.v1');
    const producer = new GroupCommitProducer({ kafka: installation.kafka, logger: silentLogger });
    for (let round = 0; round < TIMES; round++) {
      for (const [kind, { record, key = `poison-${kind}-${round}` }] of POISON.entries()) {
        await feed.step(BETWEEN);
        await producer.publish({ topic, ...record, key });
      }
    }
    await producer.close();
    const projector = await installation.start('projector');
    await feed.expectTruth();

    const letters = await installation.records('dead-letters.v1');
    const found = letters.map((letter) => `${header(letter, 'dead-letter-code')} ${letter.value!.toString()}`).sort();
    const sent = POISON.flatMap(({ code, record }) => Array<string>(TIMES).fill(`${code} ${String(record.value)}`));
    expect(found).toEqual(sent.sort());
    expect(await projector.ready()).toBe(true);
  }));
