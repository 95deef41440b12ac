import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AppProcess } from '../../../test/system/app-process.js';
import { Installation, push } from '../../../test/system/installation.js';
import { smsReport } from '../../../test/system/receipts.js';
import { silentLogger } from '../../../test/system/silent-logger.js';
import { until } from '../../../test/system/until.js';
import { GroupCommitProducer } from './group-commit-producer.js';
import { limitTopic } from './limit-topic-for-tests.js';
import { headerText, type IncomingRecord } from './records.js';

const LIMIT = 20_000;

describe('what cannot become an event', () => {
  let installation: Installation;
  let ingress: AppProcess;

  beforeAll(async () => {
    installation = await Installation.create();
    await limitTopic(installation.kafka, installation.topic('events.v1'), LIMIT);
    [ingress] = await Promise.all([installation.start('ingress'), installation.start('normaliser')]);
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  const letters = () => installation.records('dead-letters.v1');

  async function untilLetters(count: number): Promise<readonly IncomingRecord[]> {
    await until(`there are ${count} dead letters`, async () => (await letters()).length >= count);
    return letters();
  }

  /** Reports in one body, of which those at `large` become events that the topic does not take. */
  function reports(count: number, ...large: readonly number[]) {
    return Array.from({ length: count }, (_, at) =>
      large.includes(at) ? { ...smsReport(), novelty: 'x'.repeat(LIMIT + 1_000 * at) } : smsReport(),
    );
  }

  it('is the dead letter of its element where the topic takes less than usual; the others go on', async () => {
    const body = reports(5, 1, 3);
    expect((await push(ingress, 'sms-report', JSON.stringify(body))).status).toBe(200);
    const written = await untilLetters(2);
    expect(written).toHaveLength(2);
    const seen = written.map((letter) => [
      headerText(letter, 'dead-letter-code'),
      headerText(letter, 'dead-letter-element'),
      JSON.parse(letter.value!.toString()) as unknown,
    ]);
    expect(seen.toSorted()).toEqual([
      ['ELEMENT_TOO_LARGE', '1', body[1]],
      ['ELEMENT_TOO_LARGE', '3', body[3]],
    ]);
    const ids = new Set((await installation.records('events.v1')).map((event) => headerText(event, 'ce_id')));
    expect(ids.size).toBe(3);
  });

  it('does not stop the partition where the topic of dead letters takes no more either', async () => {
    const before = (await letters()).length;
    await limitTopic(installation.kafka, installation.topic('dead-letters.v1'), LIMIT);
    const body = reports(2, 0);
    expect((await push(ingress, 'sms-report', JSON.stringify(body))).status).toBe(200);
    const letter = (await untilLetters(before + 1)).find(({ value }) => value!.length === 0)!;
    expect(headerText(letter, 'dead-letter-element')).toBe('0');
    expect(headerText(letter, 'dead-letter-detail')).toContain('left at the origin');
    await until('the other one is there', async () => {
      const ids = new Set((await installation.records('events.v1')).map((event) => headerText(event, 'ce_id')));
      return ids.size === 4;
    });
  });

  it('keeps nothing of a submission that names its sender: key and headers stay at the origin', async () => {
    const before = (await letters()).length;
    const producer = new GroupCommitProducer({ kafka: installation.kafka, logger: silentLogger });
    const topic = installation.topic('submissions.v1');
    const headers = { 'user-phone': '+8613800000001' };
    await producer.publish({ topic, key: '+8613800000001', value: '{"provider":', headers });
    await producer.close();
    const letter = (await untilLetters(before + 1)).find(({ value }) => value!.toString() === '{"provider":')!;
    expect(letter.key).toBeNull();
    expect(Object.keys(letter.headers).filter((name) => !name.startsWith('dead-letter-'))).toEqual([]);
    expect(headerText(letter, 'dead-letter-origin')).toMatch(new RegExp(`^${topic}/\\d+/0$`));
  });
});
