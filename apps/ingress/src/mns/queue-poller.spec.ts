import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutgoingRecord } from '#kafka';
import { createLogger, Metrics } from '#runtime';
import { openTracing } from '#tracing';
import { Collector } from '../../../../test/tracing/collector.js';
import { MnsQueue, type QueueMessage } from './mns-queue.js';
import { QueueMetrics } from './queue-metrics.js';
import { QueuePoller, type QueuePollerParts } from './queue-poller.js';
import { ownKey, type CredentialSource } from './queue-tokens.js';

const XMLNS = 'xmlns="http://mns.aliyuncs.com/doc/v1/"';
const SILENT = { name: 'test', logLevel: 'silent', logFormat: 'json' } as const;
/** A long time for something that takes milliseconds. */
const PATIENCE = 20_000;

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

function xml(status: number, body: string): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/xml;charset=utf-8' }).end(`<?xml version="1.0"?>${body}`);
  };
}

/** As an empty queue answers. */
const EMPTY = xml(
  404,
  `<Error ${XMLNS}><Code>MessageNotExist</Code><Message>Message not exist.</Message>` +
    '<RequestId>4A8F1E2B3C4D5E6F70819203</RequestId><HostId>http://127.0.0.1</HostId></Error>',
);

/** As a queue answers that has deleted everything. */
const DELETED: Answer = (_request, response) => {
  response.writeHead(204).end();
};

/** As a queue answers that has these messages; hidden for 30 s. */
function messages(...bodies: readonly string[]): Answer {
  return messagesHiddenFor(30_000, ...bodies);
}

function messagesHiddenFor(visibility: number, ...bodies: readonly string[]): Answer {
  const list = bodies.map(
    (body) =>
      `<Message><MessageId>id-${body}</MessageId><ReceiptHandle>handle-${body}</ReceiptHandle>` +
      `<MessageBody>${body}</MessageBody><EnqueueTime>${Date.now()}</EnqueueTime>` +
      `<NextVisibleTime>${Date.now() + visibility}</NextVisibleTime><DequeueCount>1</DequeueCount></Message>`,
  );
  return xml(200, `<Messages ${XMLNS}>${list.join('')}</Messages>`);
}

describe('QueuePoller', () => {
  /** Answers to requests for messages, one after the other; after the last one the queue is empty. */
  let answers: Answer[];
  /** Bodies of requests to delete. */
  let deletes: string[];
  /** Answers to requests to delete; after the last one everything is deleted. */
  let deleteAnswers: Answer[];
  let polls: number;
  let published: string[];
  let publish: (text: string) => Promise<void>;
  let log: string[];
  let registry: Metrics['registry'];
  let server: Server;
  let poller: QueuePoller;

  beforeEach(async () => {
    [answers, deletes, deleteAnswers, published, log] = [[], [], [], [], []];
    registry = new Metrics().registry;
    polls = 0;
    publish = () => Promise.resolve();
    server = createServer((request, response) => {
      if (request.method === 'DELETE') {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          deletes.push(body);
          (deleteAnswers.shift() ?? DELETED)(request, response);
        });
        return;
      }
      polls += 1;
      (answers.shift() ?? EMPTY)(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    await poller.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function start(changes: Partial<QueuePollerParts> & { readonly credentials?: CredentialSource } = {}): void {
    const { credentials = ownKey({ accessKeyId: 'a', accessKeySecret: 'b' }), ...parts } = changes;
    poller = new QueuePoller({
      source: 's',
      concurrency: 1,
      wait: 1,
      openQueue: (signal) =>
        new MnsQueue({
          endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          queue: 'q',
          credentials,
          connections: 2,
          signal,
          answerTimeout: 300,
        }),
      toRecord: (message: QueueMessage): OutgoingRecord => ({
        topic: 't',
        key: null,
        value: Buffer.from(message.body),
        headers: { source: 's' },
      }),
      publish: async ({ value }) => {
        await publish(value.toString());
        published.push(value.toString());
      },
      hasRoom: () => true,
      onAccepted: () => undefined,
      metrics: new QueueMetrics(registry),
      logger: createLogger({ name: 'test', logLevel: 'trace', logFormat: 'json' }, { write: (line) => log.push(line) }),
      tracing: null,
      ...parts,
    });
    poller.start();
  }

  async function until(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`waited in vain; the log:\n${log.join('')}`);
      await delay(10);
    }
  }

  it('takes success without messages for an empty queue', async () => {
    answers.push(xml(200, `<Messages ${XMLNS}/>`), messages('after'));
    start();
    await until(() => deletes.length > 0);
    expect(log.join('')).not.toContain('queue.poll-failed');
  });

  it('deletes what was published, in one request', async () => {
    answers.push(messages('one', 'two'));
    start();
    await until(() => deletes.length > 0);
    expect(published.sort()).toEqual(['one', 'two']);
    expect(deletes).toHaveLength(1);
    expect(deletes[0]).toContain('<ReceiptHandle>handle-one</ReceiptHandle><ReceiptHandle>handle-two</ReceiptHandle>');
  });

  it('leaves in the queue what was not', async () => {
    publish = (text) => (text === 'two' ? Promise.reject(new Error('no')) : Promise.resolve());
    answers.push(messages('one', 'two', 'three'));
    start();
    await until(() => deletes.length > 0);
    expect(deletes[0]).not.toContain('handle-two');
    expect(deletes[0]).toContain('handle-three');
    expect(log.join('')).toContain('queue.messages-left');
  });

  it('traces a message until it may be deleted, and tells why it was left', async () => {
    const collector = new Collector();
    const settings = { endpoint: `http://127.0.0.1:${await collector.start()}`, share: 1 };
    const tracing = await openTracing({ app: 'ingress', version: '1.2.3' }, settings, createLogger(SILENT));
    const carried: unknown[] = [];
    answers.push(messages('one', 'two'));
    start({
      tracing,
      publish: ({ value, headers }) => {
        carried.push(headers.traceparent);
        return value.toString() === 'two' ? Promise.reject(new TypeError('no')) : Promise.resolve();
      },
    });
    await until(() => deletes.length > 0);
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

  it.each<readonly [string, Answer]>([
    ['a page of a proxy', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    ['a bad gateway', (_, response) => response.writeHead(502).end('bad gateway')],
    ['something else', xml(200, '<Surprise/>')],
    ['no XML', xml(200, 'a < b')],
    ['nothing at all', (_, response) => response.writeHead(200).end()],
    ['a redirection', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    [
      'a cut',
      (_, response) => response.writeHead(200, { 'content-length': '100' }).write('<', () => response.destroy()),
    ],
    ['a broken connection', (request) => request.socket.destroy()],
  ])(
    'goes on after %s',
    async (_what, answer) => {
      answers.push(answer, messages('after'));
      start();
      await until(() => deletes.length > 0);
      expect(published).toEqual(['after']);
      expect(log.join('')).toContain('queue.poll-failed');
    },
    30_000,
  );

  it('is not stopped by answers that never end, however many: their connections are given back', async () => {
    const dripping: Answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' }).write('<Messages>');
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => {
        clearInterval(drip);
      });
    };
    answers.push(dripping, EMPTY, dripping, EMPTY, dripping, messages('after'));
    start();
    await until(() => deletes.length > 0);
    expect(published).toEqual(['after']);
  }, 30_000);

  /** The value of a counter; 0 before it has counted. */
  async function counted(name: string): Promise<number> {
    const text = await registry.metrics();
    return Number(new RegExp(`^quittance_queue_${name}_total\\{[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  }

  it.each<readonly [string, string]>([
    ['no body', '<ReceiptHandle>h</ReceiptHandle>'],
    ['a body that is no text', '<ReceiptHandle>h</ReceiptHandle><MessageBody><x>1</x></MessageBody>'],
    ['no handle', '<MessageBody>body</MessageBody>'],
  ])('neither publishes nor deletes a message with %s, and takes those beside it', async (_what, inside) => {
    const good = '<MessageId>i</MessageId><ReceiptHandle>good</ReceiptHandle><MessageBody>good</MessageBody>';
    answers.push(
      xml(
        200,
        `<Messages ${XMLNS}><Message><MessageId>i</MessageId>${inside}</Message><Message>${good}</Message></Messages>`,
      ),
    );
    start();
    await until(() => deletes.length > 0);
    expect(published).toEqual(['good']);
    expect(deletes[0]?.match(/<ReceiptHandle>/g)).toHaveLength(1);
    expect(await counted('messages_unreadable')).toBe(1);
  });

  it('tries to delete again what was not deleted, whoever said so, and counts what was', async () => {
    deleteAnswers.push(
      (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
      xml(
        500,
        `<Error ${XMLNS}><Code>InternalError</Code><Message>m</Message><RequestId>r</RequestId><HostId>h</HostId></Error>`,
      ),
    );
    answers.push(messages('one', 'two'));
    start();
    await until(() => deletes.length === 3);
    await delay(50);
    expect(await counted('messages_deleted')).toBe(2);
    expect(await counted('messages_not_deleted')).toBe(0);
  });

  it('counts as not deleted what the queue lists as such', async () => {
    const failed =
      '<Error><ErrorCode>ReceiptHandleError</ErrorCode><ErrorMessage>m</ErrorMessage>' +
      '<ReceiptHandle>handle-two</ReceiptHandle></Error>';
    deleteAnswers.push(xml(404, `<Errors ${XMLNS}>${failed}</Errors>`));
    answers.push(messages('one', 'two', 'three'));
    start();
    await until(() => deletes.length > 0);
    await delay(50);
    expect(await counted('messages_deleted')).toBe(2);
    expect(await counted('messages_not_deleted')).toBe(1);
    expect(deletes).toHaveLength(1);
  });

  it('asks less and less often while it only gets errors', async () => {
    answers = Array.from(
      { length: 100 },
      () => (_: IncomingMessage, response: ServerResponse) => response.writeHead(500).end(),
    );
    start();
    await delay(2_000);
    // At once, then after about 0.4, 0.8 and 1.5 s.
    expect(polls).toBeGreaterThan(1);
    expect(polls).toBeLessThan(8);
  });

  it('pauses after a batch of which Kafka took nothing', async () => {
    publish = () => Promise.reject(new Error('no'));
    answers = Array.from({ length: 100 }, () => messages('one'));
    start({ concurrency: 4 });
    await delay(2_000);
    expect(polls).toBeLessThan(8);
    expect(deletes).toEqual([]);
  });

  it('gives records to Kafka for half of the time that the queue hides the messages, and for ten seconds at most', async () => {
    const patience: number[] = [];
    answers.push(messagesHiddenFor(4_000, 'one'), messagesHiddenFor(60_000, 'two'));
    start({
      publish: (_record, { expiresAt }) => {
        patience.push((expiresAt ?? Infinity) - performance.now());
        return Promise.resolve();
      },
    });
    await until(() => deletes.length === 2);
    // The queue's clock is told to the second.
    expect(patience[0]).toBeGreaterThan(1_000);
    expect(patience[0]).toBeLessThanOrEqual(2_500);
    expect(patience[1]).toBeGreaterThan(9_000);
    expect(patience[1]).toBeLessThanOrEqual(10_000);
  });

  it('receives nothing while Kafka has no room', async () => {
    let hasRoom = false;
    answers.push(messages('one'));
    start({ hasRoom: () => hasRoom });
    await delay(300);
    expect(polls).toBe(0);
    hasRoom = true;
    await until(() => deletes.length > 0);
  });

  it('receives several batches at a time while full ones come, and one when they do not', async () => {
    const sixteen = (name: string): Answer => messages(...Array.from({ length: 16 }, (_, index) => `${name}-${index}`));
    let [underWay, most] = [0, 0];
    publish = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await delay(50);
      underWay -= 1;
    };
    answers.push(...Array.from({ length: 8 }, (_, index) => sixteen(`batch-${index}`)));
    start({ concurrency: 3 });
    await until(() => published.length === 128);
    // Three batches, never four.
    expect(most).toBe(48);
  });

  it.each<readonly [string, () => void]>([
    [
      'while a token is being asked for',
      () => {
        start({ credentials: { get: () => new Promise(() => undefined), refuse: () => undefined } });
      },
    ],
    [
      'while a long poll waits',
      () => {
        answers.push(() => undefined);
        start({ wait: 30 });
      },
    ],
    [
      'while a queue does not delete',
      () => {
        deleteAnswers.push(
          ...Array.from(
            { length: 9 },
            (): Answer => (_, response) => setTimeout(() => response.writeHead(500).end(), 350),
          ),
        );
        answers.push(messages('one'));
        start();
      },
    ],
    [
      'while Kafka has not confirmed',
      () => {
        publish = () => new Promise(() => undefined);
        answers.push(messages('one'));
        start();
      },
    ],
  ])('stops at once %s', async (_what, begin) => {
    begin();
    await delay(200);
    const began = performance.now();
    await poller.stop();
    // It takes less than a second; the bound allows for a busy machine.
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('deletes nothing that Kafka has not confirmed when it stops', async () => {
    publish = (text) => (text === 'one' ? new Promise(() => undefined) : Promise.resolve());
    answers.push(messages('one', 'two'));
    start();
    await until(() => polls > 0);
    await delay(100);
    expect(deletes).toEqual([]);
    await poller.stop();
    expect(deletes).toHaveLength(1);
    expect(deletes[0]).not.toContain('handle-one');
  });

  it('deletes in its last moments what Kafka confirms in them', async () => {
    let confirm = (): void => undefined;
    publish = () => new Promise((resolve) => (confirm = resolve));
    answers.push(messages('one'));
    start();
    await until(() => polls > 0);
    await delay(100);
    const stopped = poller.stop();
    confirm();
    await stopped;
    expect(deletes).toHaveLength(1);
  });
});
