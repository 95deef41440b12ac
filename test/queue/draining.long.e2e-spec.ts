/**
 * What is put into a queue is in Kafka before it is deleted, whatever happens to the ingress, to Kafka, to the queue or to
 * the token: every queued fact becomes a row, exactly one.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RECEIPT_HEADERS } from '#contracts';
import { headerText } from '#kafka';
import type { KafkaBroker } from '../../dev/kafka-broker.js';
import type { AppProcess } from '../system/app-process.js';
import { header, Installation } from '../system/installation.js';
import { removeKafka, startOwnKafka } from '../system/own-kafka.js';
import { smsReport } from '../system/receipts.js';
import { until } from '../system/until.js';
import { KEY } from '../clients/simulator-process.js';
import { queued, SimulatedQueues } from './simulated-queues.js';

/** In the account itself, so that its visibility timeout can be chosen. */
const QUEUE = 'my-reports';
/** Seconds. Short, so that what was left behind comes again while the test waits. */
const VISIBILITY = 4;
/** In the vendor's account, opened with tokens. */
const VENDOR_QUEUE = 'Alicom-Queue-1000000000000001-SmsReport';

/** Sources that are fetched only. */
function fetching({ url }: SimulatedQueues): { accounts: object; sources: object[] } {
  const own = { queue: QUEUE, ownQueue: true, queueEndpoint: url };
  return {
    accounts: { main: { provider: 'alibaba', credentials: KEY } },
    sources: [
      { id: 'own', account: 'main', receipt: 'SmsReport', mns: own },
      { id: 'lent', account: 'main', receipt: 'SmsReport', mns: { queue: VENDOR_QUEUE } },
    ],
  };
}

function reports(count: number): ReturnType<typeof smsReport>[] {
  return Array.from({ length: count }, () => smsReport());
}

describe('draining a queue', () => {
  let kafka: KafkaBroker;
  let queues: SimulatedQueues;
  let installation: Installation;

  beforeAll(async () => {
    kafka = await startOwnKafka();
  }, 120_000);

  afterAll(async () => {
    await removeKafka(kafka);
  }, 60_000);

  beforeEach(async () => {
    queues = await SimulatedQueues.start({ QUEUES: VENDOR_QUEUE });
    await queues.create(QUEUE, VISIBILITY);
    installation = await Installation.create({ brokers: kafka.brokers, configuration: fetching(queues) });
  }, 60_000);

  afterEach(async () => {
    await Promise.all([installation.stop(), queues.stop()]);
  }, 60_000);

  const ingress = (): Promise<AppProcess> => installation.start('ingress', { env: queues.endpoints });

  /** Each of them is a row, no row is more than that, and each row knows one fact. */
  async function expectRows(expected: readonly { readonly out_id: string }[]): Promise<void> {
    await until('every queued fact is a row', async () => {
      const rows = await installation.rows('SELECT reference FROM message');
      const there = new Set(rows.map(({ reference }) => reference));
      return expected.every(({ out_id: reference }) => there.has(reference));
    });
    const rows = await installation.rows('SELECT reference, json_array_length(facts) AS facts FROM message');
    expect(rows).toHaveLength(expected.length);
    expect(rows.filter(({ facts }) => facts !== 1)).toEqual([]);
    expect(await installation.records('dead-letters.v1')).toEqual([]);
  }

  async function untilEmpty(queue = QUEUE): Promise<void> {
    await until('the queue is empty', async () => (await queues.size(queue)) === 0, { limit: 120_000 });
  }

  async function stages(): Promise<void> {
    await Promise.all([installation.start('normaliser'), installation.start('projector')]);
  }

  it('takes a receipt with all that is known about it, and deletes it', async () => {
    const before = Date.now();
    const report = smsReport();
    await queues.send(QUEUE, [queued(report), JSON.stringify([report])]);
    await ingress();
    await untilEmpty();
    const [first, second] = [...(await installation.records('raw-receipts.v1'))].sort((a, b) =>
      header(a, 'mns-body-encoding').localeCompare(header(b, 'mns-body-encoding')),
    );
    expect(JSON.parse(first!.value!.toString())).toEqual(report);
    expect(second!.value!.toString()).toBe(JSON.stringify([report]));
    expect(header(second!, 'mns-body-encoding')).toBe('plain');
    const text = (name: keyof typeof RECEIPT_HEADERS): string => header(first!, RECEIPT_HEADERS[name]);
    expect(text('source')).toBe('own');
    expect(text('transport')).toBe('mns');
    expect(text('authenticatedBy')).toBe('credentials');
    expect(text('mnsDequeueCount')).toBe('1');
    expect(text('mnsMessageId')).toMatch(/^[0-9A-F]{16}-/);
    // The queue's own time, not ours.
    expect(Date.parse(text('observedAt'))).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(text('observedAt'))).toBeLessThanOrEqual(Date.parse(text('receivedAt')));
    expect(headerText(first!, RECEIPT_HEADERS.remoteAddress)).toBeUndefined();
  }, 120_000);

  it('killed in the middle with kill -9, and started again: every fact is a row, exactly one', async () => {
    const all = reports(1_200);
    await queues.send(QUEUE, all.map(queued));
    const first = await ingress();
    await until('some of it has been taken', async () => (await queues.waiting(QUEUE)) < 1_100);
    await first.process.stop('SIGKILL', 10_000);
    // Else nothing would have been in the middle of anything.
    expect(await queues.size(QUEUE)).toBeGreaterThan(0);
    await ingress();
    await stages();
    await untilEmpty();
    await expectRows(all);
  }, 180_000);

  it('asked to stop in the middle: stops at once, deletes nothing that Kafka does not have, and another replica goes on', async () => {
    const all = reports(1_800);
    await queues.send(QUEUE, all.map(queued));
    const [first] = await Promise.all([ingress(), ingress()]);
    await until('some of it has been taken', async () => (await queues.waiting(QUEUE)) < 1_650);
    expect(await first.process.stop('SIGTERM', 20_000)).toEqual({ code: 0, signal: null });
    expect(await queues.size(QUEUE)).toBeGreaterThan(0);
    await stages();
    await untilEmpty();
    await expectRows(all);
  }, 180_000);

  it('does not wait for a long poll when it is asked to stop', async () => {
    const idle = await ingress();
    // Once it has a token it polls, and there is nothing to come back with.
    await until('it has a token', async () => /^quittance_queue_tokens_total\{.*\} 1$/m.test(await metrics(idle)));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const began = performance.now();
    expect(await idle.process.stop('SIGTERM', 30_000)).toEqual({ code: 0, signal: null });
    // Polls wait 20 s. Stopping takes less than a second; the bound allows for a busy machine.
    expect(performance.now() - began).toBeLessThan(3_000);
  }, 120_000);

  it('leaves everything in the queue while Kafka hangs, also when it has to stop then, and fetches it afterwards', async () => {
    const all = reports(300);
    const [first, second] = [await ingress(), await ingress()];
    await stages();
    kafka.signal('SIGSTOP');
    try {
      await queues.send(QUEUE, all.map(queued));
      await until('some are in hand', async () => (await queues.waiting(QUEUE)) < all.length);
      expect(await first.process.stop('SIGTERM', 30_000)).toEqual({ code: 0, signal: null });
      await until('messages were given back', async () =>
        /queue_messages_not_stored_total\{.*\} [1-9]/.test(await metrics(second)),
      );
      expect(await queues.size(QUEUE)).toBe(all.length);
    } finally {
      kafka.signal('SIGCONT');
    }
    await untilEmpty();
    await expectRows(all);
  }, 180_000);

  it('whatever the queue does: errors, lost answers, lost deletes, doubled messages, slowness', async () => {
    const all = reports(400);
    await queues.setFaults({ duplicateShare: 0.2 });
    await queues.send(QUEUE, all.map(queued));
    const faults = {
      errorShare: 0.1,
      dropShare: 0.1,
      dropAfterReceiveShare: 0.1,
      lostDeleteShare: 0.2,
      disorderShare: 0.3,
      shortReceiveShare: 0.3,
      slowMs: 20,
    };
    await queues.setFaults(faults);
    await ingress();
    await stages();
    await until('everything was handed out', async () => (await queues.waiting(QUEUE)) < 50, { limit: 120_000 });
    const struck = await queues.mend();
    for (const fault of ['duplicateShare', ...Object.keys(faults)]) {
      expect([fault, struck[fault] ?? 0]).not.toEqual([fault, 0]);
    }
    await untilEmpty();
    await expectRows(all);
  }, 300_000);

  it("opens a queue of the vendor's with a token, and gets another one when that is refused", async () => {
    const taker = await ingress();
    await stages();
    const [first, second] = [reports(50), reports(50)];
    await queues.send(VENDOR_QUEUE, first.map(queued));
    await untilEmpty(VENDOR_QUEUE);
    await queues.setFaults({ expireNow: true });
    await queues.send(VENDOR_QUEUE, second.map(queued));
    await untilEmpty(VENDOR_QUEUE);
    await expectRows([...first, ...second]);
    expect(await metrics(taker)).toMatch(/queue_tokens_total\{message_type="SmsReport",outcome="fetched"\} [2-9]/);
    // Running out of a token is how it goes: nobody is woken up for it.
    expect(taker.log()).not.toContain('queue.poll-failed');
  }, 120_000);

  it('does not hammer a queue that has no room for another long poll, and answers at once', async () => {
    await queues.stop();
    queues = await SimulatedQueues.start({ QUEUES: VENDOR_QUEUE, LONG_POLLS: '1' });
    const takers = [await ingress(), await ingress()];
    const polls = async (): Promise<number> => {
      const texts = await Promise.all(takers.map(metrics));
      const counts = texts.map(
        (text) => /queue_polls_total\{source="lent",outcome="empty"\} (\d+)/.exec(text)?.[1] ?? 0,
      );
      return counts.map(Number).reduce((sum, count) => sum + count, 0);
    };
    await until('one of them was turned away', async () => (await polls()) > 3);
    const before = await polls();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await polls()) - before).toBeLessThan(10);
    for (const taker of takers) expect(taker.log()).not.toContain('"source":"lent","code"');
  }, 120_000);

  it('says what is wrong and how to mend it, without anything secret, and goes on by itself', async () => {
    await queues.stop();
    const taker = await installation.start('ingress', { env: queues.endpoints });
    await until('it has been logged', () => /queue.poll-failed/.test(taker.log()));
    expect(taker.log()).toContain('"code":"ECONNREFUSED"');
    expect(taker.log()).toContain('check the endpoint');
    for (const secret of Object.values(KEY)) expect(taker.log()).not.toContain(secret);
    // Pushes still come in, so a queue that is away takes no replica out of service.
    expect(await taker.ready()).toBe(true);
  }, 120_000);
});

function metrics(app: AppProcess): Promise<string> {
  return fetch(`${app.management}/metrics`).then((response) => response.text());
}
