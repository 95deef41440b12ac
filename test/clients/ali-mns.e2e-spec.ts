import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { until } from '../system/until.js';
import type { Simulator } from './simulator-process.js';
import { KEY, startSimulator } from './simulator-process.js';

interface Message {
  readonly MessageId: string;
  readonly MessageBody: string;
  readonly ReceiptHandle: string;
  readonly DequeueCount: string;
}

interface Batch {
  sendP(message: unknown, priority?: number, delaySeconds?: number): Promise<{ readonly Message: Message }>;
  recvP(
    wait?: number,
    most?: number,
  ): Promise<{ readonly Message: Message; readonly Messages: { readonly Message: readonly Message[] } }>;
  peekP(
    most?: number,
  ): Promise<{ readonly Message: Message; readonly Messages: { readonly Message: readonly Message[] } }>;
  deleteP(handle: string | readonly string[]): Promise<unknown>;
  reserveP(handle: string, seconds: number): Promise<{ readonly ChangeVisibility: Message }>;
  getAttrsP(): Promise<{ readonly Queue: Readonly<Record<string, string>> }>;
  setAttrsP(attributes: object): Promise<unknown>;
  notifyRecv(callback: (error: unknown, message: { readonly Message: Message } | null) => boolean, wait?: number): void;
  notifyStopP(): Promise<unknown>;
}

/** The part of `ali-mns` that is used here. Its types do not compile under today's rules. */
interface AliMns {
  readonly Account: new (account: string, key: string, secret: string) => { setGA(isOn: boolean): void };
  readonly Msg: new (text: string, priority?: number, delaySeconds?: number) => unknown;
  readonly MQBatch: new (queue: string, account: object, region: string) => Batch;
}

const { Account, Msg, MQBatch } = createRequire(import.meta.url)('ali-mns') as AliMns;

const QUEUE = 'clients-ali-mns';
const EMPTY = { Error: { Code: 'MessageNotExist' } };

let simulator: Simulator;
let queue: Batch;
/** Where its HTTP library looks for a proxy and for what goes past it. */
const PROXY_VARIABLES = ['HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'] as const;
/** As they were, to be put back. */
const before = PROXY_VARIABLES.map((name) => process.env[name]);

/** It knows no other address than the vendor's: the simulator is its proxy, and is sent whole addresses. */
function open(key: typeof KEY): Batch {
  const account = new Account('1000000000000001', key.accessKeyId, key.accessKeySecret);
  // Or it would tell Google.
  account.setGA(false);
  return new MQBatch(QUEUE, account, 'hangzhou');
}

function setVariable(name: (typeof PROXY_VARIABLES)[number], value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

beforeAll(async () => {
  simulator = await startSimulator({ QUEUES: QUEUE });
  for (const name of PROXY_VARIABLES) setVariable(name, undefined);
  setVariable('HTTP_PROXY', simulator.url);
  queue = open(KEY);
});

afterAll(async () => {
  PROXY_VARIABLES.forEach((name, index) => {
    setVariable(name, before[index]);
  });
  await simulator.stop();
});

describe('ali-mns', () => {
  it('sends, peeks, receives, hides for longer and deletes', async () => {
    const sent = await queue.sendP('Grüße', 5);
    expect((await queue.peekP(1)).Message).toMatchObject({ MessageId: sent.Message.MessageId, MessageBody: 'Grüße' });
    const { Message: received } = await queue.recvP(1, 1);
    expect(received).toMatchObject({ MessageId: sent.Message.MessageId, MessageBody: 'Grüße', DequeueCount: '1' });
    await expect(queue.recvP(0, 1)).rejects.toMatchObject(EMPTY);
    const { ChangeVisibility } = await queue.reserveP(received.ReceiptHandle, 120);
    expect(ChangeVisibility.ReceiptHandle).not.toBe(received.ReceiptHandle);
    // Its batch class does not return the promise of a single delete.
    await queue.deleteP(ChangeVisibility.ReceiptHandle);
    await until('the message is deleted', async () => (await simulator.counts(QUEUE)).deleted === 1);
  });

  it('works in batches, and is told which handles of one were not good', async () => {
    await queue.sendP([new Msg('a'), new Msg('b'), new Msg('c')]);
    expect((await queue.peekP(16)).Messages.Message.map(({ MessageBody }) => MessageBody)).toEqual(['a', 'b', 'c']);
    const { Messages } = await queue.recvP(1, 16);
    expect(Messages.Message.map(({ MessageBody }) => MessageBody)).toEqual(['a', 'b', 'c']);
    await expect(queue.recvP(0, 16)).rejects.toMatchObject(EMPTY);
    const [first, ...others] = Messages.Message.map(({ ReceiptHandle }) => ReceiptHandle);
    await expect(queue.deleteP([first!, '1-AAAA'])).rejects.toMatchObject({
      Errors: { Error: { ErrorCode: 'ReceiptHandleError', ReceiptHandle: '1-AAAA' } },
    });
    expect(await queue.deleteP(others)).toBe(204);
    expect(await simulator.counts(QUEUE)).toMatchObject({ active: 0, inactive: 0, deleted: 4 });
  });

  it('reads and sets attributes', async () => {
    await queue.setAttrsP({ VisibilityTimeout: 45 });
    expect((await queue.getAttrsP()).Queue).toMatchObject({
      QueueName: QUEUE,
      VisibilityTimeout: '45',
      ActiveMessages: '0',
    });
  });

  it('is refused with a wrong secret', async () => {
    await expect(open({ ...KEY, accessKeySecret: 'wrong' }).recvP(0, 1)).rejects.toMatchObject({
      Error: { Code: 'SignatureDoesNotMatch' },
    });
  });
});
