import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutgoingRecord } from '#kafka';
import { createLogger, Metrics } from '#runtime';
import { MnsQueue, type QueueMessage } from './mns-queue.js';
import { QueueMetrics } from './queue-metrics.js';
import { QueuePoller, type QueuePollerParts } from './queue-poller.js';
import { ownKey, type CredentialSource } from './queue-tokens.js';

/** Of every answer that is XML. */
export const XMLNS = 'xmlns="http://mns.aliyuncs.com/doc/v1/"';
/** A long time for something that takes milliseconds. */
const PATIENCE = 20_000;

/** What a queue does about a request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An answer of a queue. */
export function xml(status: number, body: string): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/xml;charset=utf-8' }).end(`<?xml version="1.0"?>${body}`);
  };
}

/** As an empty queue answers. */
export const EMPTY = xml(
  404,
  `<Error ${XMLNS}><Code>MessageNotExist</Code><Message>Message not exist.</Message>` +
    '<RequestId>4A8F1E2B3C4D5E6F70819203</RequestId><HostId>http://127.0.0.1</HostId></Error>',
);

/** As a queue answers that has deleted everything. */
const DELETED: Answer = (_request, response) => {
  response.writeHead(204).end();
};

/** As a queue answers that has these messages; hidden for 30 s. */
export function messages(...bodies: readonly string[]): Answer {
  return messagesHiddenFor(30_000, ...bodies);
}

/** The same, hidden for so long, ms. */
export function messagesHiddenFor(visibility: number, ...bodies: readonly string[]): Answer {
  const list = bodies.map(
    (body) =>
      `<Message><MessageId>id-${body}</MessageId><ReceiptHandle>handle-${body}</ReceiptHandle>` +
      `<MessageBody>${body}</MessageBody><EnqueueTime>${Date.now()}</EnqueueTime>` +
      `<NextVisibleTime>${Date.now() + visibility}</NextVisibleTime><DequeueCount>1</DequeueCount></Message>`,
  );
  return xml(200, `<Messages ${XMLNS}>${list.join('')}</Messages>`);
}

/** A queue that answers as a test wants it to, and a poller that fetches from it. */
export class ScriptedQueue {
  /** Answers to requests for messages, one after the other; after the last one the queue is empty. */
  answers: Answer[] = [];
  /** Answers to requests to delete; after the last one everything is deleted. */
  readonly deleteAnswers: Answer[] = [];
  /** Bodies of requests to delete. */
  readonly deletes: string[] = [];
  /** Requests for messages. */
  polls = 0;
  /** What Kafka has. */
  readonly published: string[] = [];
  /** What Kafka does about a message. */
  publish: (text: string) => Promise<void> = () => Promise.resolve();
  readonly log: string[] = [];
  readonly registry = new Metrics().registry;
  poller!: QueuePoller;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      if (request.method === 'DELETE') {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          this.deletes.push(body);
          (this.deleteAnswers.shift() ?? DELETED)(request, response);
        });
        return;
      }
      this.polls += 1;
      (this.answers.shift() ?? EMPTY)(request, response);
    });
  }

  static async open(): Promise<ScriptedQueue> {
    const queue = new ScriptedQueue();
    await new Promise<void>((resolve) => queue.#server.listen(0, '127.0.0.1', resolve));
    return queue;
  }

  /** Lets the poller begin. */
  start(changes: Partial<QueuePollerParts> & { readonly credentials?: CredentialSource } = {}): void {
    const { credentials = ownKey({ accessKeyId: 'a', accessKeySecret: 'b' }), ...parts } = changes;
    this.poller = new QueuePoller({
      source: 's',
      concurrency: 1,
      wait: 1,
      openQueue: (signal) =>
        new MnsQueue({
          endpoint: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
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
        await this.publish(value.toString());
        this.published.push(value.toString());
      },
      hasRoom: () => true,
      onAccepted: () => undefined,
      metrics: new QueueMetrics(this.registry),
      logger: createLogger(
        { name: 'test', logLevel: 'trace', logFormat: 'json' },
        { write: (line) => this.log.push(line) },
      ),
      tracing: null,
      ...parts,
    });
    this.poller.start();
  }

  async until(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`waited in vain; the log:\n${this.log.join('')}`);
      await delay(10);
    }
  }

  /** The value of a counter; 0 before it has counted. */
  async counted(name: string): Promise<number> {
    const text = await this.registry.metrics();
    return Number(new RegExp(`^quittance_queue_${name}_total\\{[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  }

  async close(): Promise<void> {
    await this.poller.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
