import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '#runtime';
import { openTracing } from '#tracing';
import { Collector } from '../../../../test/tracing/collector.js';
import { messages, messagesHiddenFor, ScriptedQueue, xml, XMLNS } from './scripted-queue-for-tests.js';

const SILENT = { name: 'test', logLevel: 'silent', logFormat: 'json' } as const;

describe('what QueuePoller publishes and deletes', () => {
  let queue: ScriptedQueue;

  beforeEach(async () => {
    queue = await ScriptedQueue.open();
  });

  afterEach(() => queue.close());

  it('deletes what was published, in one request', async () => {
    queue.answers.push(messages('one', 'two'));
    queue.start();
    await queue.until(() => queue.deletes.length > 0);
    expect(queue.published.sort()).toEqual(['one', 'two']);
    expect(queue.deletes).toHaveLength(1);
    expect(queue.deletes[0]).toContain(
      '<ReceiptHandle>handle-one</ReceiptHandle><ReceiptHandle>handle-two</ReceiptHandle>',
    );
  });

  it('leaves in the queue what was not', async () => {
    queue.publish = (text) => (text === 'two' ? Promise.reject(new Error('no')) : Promise.resolve());
    queue.answers.push(messages('one', 'two', 'three'));
    queue.start();
    await queue.until(() => queue.deletes.length > 0);
    expect(queue.deletes[0]).not.toContain('handle-two');
    expect(queue.deletes[0]).toContain('handle-three');
    expect(queue.log.join('')).toContain('queue.messages-left');
  });

  it('traces a message until it may be deleted, and tells why it was left', async () => {
    const collector = new Collector();
    const settings = { endpoint: `http://127.0.0.1:${await collector.start()}`, share: 1 };
    const tracing = await openTracing({ app: 'ingress', version: '1.2.3' }, settings, createLogger(SILENT));
    const carried: unknown[] = [];
    queue.answers.push(messages('one', 'two'));
    queue.start({
      tracing,
      publish: ({ value, headers }) => {
        carried.push(headers.traceparent);
        return value.toString() === 'two' ? Promise.reject(new TypeError('no')) : Promise.resolve();
      },
    });
    await queue.until(() => queue.deletes.length > 0);
    await tracing!.close(10_000);
    await collector.stop();
    const failed = collector.spans.filter((span) => span.failed);
    expect(collector.spans.map(({ name }) => name).sort()).toEqual(['process s', 'process s', 'send t', 'send t']);
    expect(failed.map(({ name, attributes }) => [name, attributes['error.type']]).sort()).toEqual([
      ['process s', 'TypeError'],
      ['send t', 'TypeError'],
    ]);
    const sends = collector.spans.filter(({ name }) => name === 'send t');
    expect(carried.sort()).toEqual(sends.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`).sort());
  });

  it.each<readonly [string, string]>([
    ['no body', '<ReceiptHandle>h</ReceiptHandle>'],
    ['a body that is no text', '<ReceiptHandle>h</ReceiptHandle><MessageBody><x>1</x></MessageBody>'],
    ['no handle', '<MessageBody>body</MessageBody>'],
  ])('neither publishes nor deletes a message with %s, and takes those beside it', async (_what, inside) => {
    const good = '<MessageId>i</MessageId><ReceiptHandle>good</ReceiptHandle><MessageBody>good</MessageBody>';
    queue.answers.push(
      xml(
        200,
        `<Messages ${XMLNS}><Message><MessageId>i</MessageId>${inside}</Message><Message>${good}</Message></Messages>`,
      ),
    );
    queue.start();
    await queue.until(() => queue.deletes.length > 0);
    expect(queue.published).toEqual(['good']);
    expect(queue.deletes[0]?.match(/<ReceiptHandle>/g)).toHaveLength(1);
    expect(await queue.counted('messages_unreadable')).toBe(1);
  });

  it('tries to delete again what was not deleted, whoever said so, and counts what was', async () => {
    queue.deleteAnswers.push(
      (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
      xml(
        500,
        `<Error ${XMLNS}><Code>InternalError</Code><Message>m</Message><RequestId>r</RequestId><HostId>h</HostId></Error>`,
      ),
    );
    queue.answers.push(messages('one', 'two'));
    queue.start();
    await queue.until(() => queue.deletes.length === 3);
    await delay(50);
    expect(await queue.counted('messages_deleted')).toBe(2);
    expect(await queue.counted('messages_not_deleted')).toBe(0);
  });

  it('counts as not deleted what the queue lists as such', async () => {
    const failed =
      '<Error><ErrorCode>ReceiptHandleError</ErrorCode><ErrorMessage>m</ErrorMessage>' +
      '<ReceiptHandle>handle-two</ReceiptHandle></Error>';
    queue.deleteAnswers.push(xml(404, `<Errors ${XMLNS}>${failed}</Errors>`));
    queue.answers.push(messages('one', 'two', 'three'));
    queue.start();
    await queue.until(() => queue.deletes.length > 0);
    await delay(50);
    expect(await queue.counted('messages_deleted')).toBe(2);
    expect(await queue.counted('messages_not_deleted')).toBe(1);
    expect(queue.deletes).toHaveLength(1);
  });

  it('gives records to Kafka for half of the time that the queue hides the messages, and for ten seconds at most', async () => {
    const patience: number[] = [];
    queue.answers.push(messagesHiddenFor(4_000, 'one'), messagesHiddenFor(60_000, 'two'));
    queue.start({
      publish: (_record, { expiresAt }) => {
        patience.push((expiresAt ?? Infinity) - performance.now());
        return Promise.resolve();
      },
    });
    await queue.until(() => queue.deletes.length === 2);
    // The queue's clock is told to the second.
    expect(patience[0]).toBeGreaterThan(1_000);
    expect(patience[0]).toBeLessThanOrEqual(2_500);
    expect(patience[1]).toBeGreaterThan(9_000);
    expect(patience[1]).toBeLessThanOrEqual(10_000);
  });

  it('deletes nothing that Kafka has not confirmed when it stops', async () => {
    queue.publish = (text) => (text === 'one' ? new Promise(() => undefined) : Promise.resolve());
    queue.answers.push(messages('one', 'two'));
    queue.start();
    await queue.until(() => queue.polls > 0);
    await delay(100);
    expect(queue.deletes).toEqual([]);
    await queue.poller.stop();
    expect(queue.deletes).toHaveLength(1);
    expect(queue.deletes[0]).not.toContain('handle-one');
  });

  it('deletes in its last moments what Kafka confirms in them', async () => {
    let confirm = (): void => undefined;
    queue.publish = () => new Promise((resolve) => (confirm = resolve));
    queue.answers.push(messages('one'));
    queue.start();
    await queue.until(() => queue.polls > 0);
    await delay(100);
    const stopped = queue.poller.stop();
    confirm();
    await stopped;
    expect(queue.deletes).toHaveLength(1);
  });
});
