import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { MnsClient } from './alicloud-mns.js';
import type { Simulator } from './simulator-process.js';
import { KEY, startSimulator } from './simulator-process.js';

interface RpcClient {
  request(
    action: string,
    parameters: Readonly<Record<string, string>>,
    options?: { readonly method?: 'GET' | 'POST' },
  ): Promise<{
    readonly Code: string;
    readonly MessageTokenDTO: {
      readonly AccessKeyId: string;
      readonly AccessKeySecret: string;
      readonly SecurityToken: string;
      readonly CreateTime: string;
      readonly ExpireTime: string;
    };
  }>;
}

type RpcClientClass = new (options: {
  readonly endpoint: string;
  readonly apiVersion: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}) => RpcClient;

/** The vendor's client for its RPC interfaces. */
const RpcClient = createRequire(import.meta.url)('@alicloud/pop-core') as RpcClientClass;

const ACTION = 'QueryTokenForMnsQueue';
const QUEUE = 'Alicom-Queue-1000000000000001-SmsReport';
const DENIED = { name: 'MNSAccessDeniedError' };

let simulator: Simulator;

function rpc(key: Partial<typeof KEY> = {}, apiVersion = '2017-05-25'): RpcClient {
  return new RpcClient({ endpoint: simulator.url, apiVersion, ...KEY, ...key });
}

/** A queue client with a fresh token. */
async function clientFor(messageType: string, method: 'GET' | 'POST' = 'POST'): Promise<MnsClient> {
  const { Code, MessageTokenDTO: token } = await rpc().request(
    ACTION,
    { MessageType: messageType, QueueName: QUEUE },
    { method },
  );
  expect(Code).toBe('OK');
  return new MnsClient('1943695596114318', {
    endpoint: simulator.url,
    accessKeyId: token.AccessKeyId,
    accessKeySecret: token.AccessKeySecret,
    securityToken: token.SecurityToken,
  });
}

beforeAll(async () => {
  simulator = await startSimulator({ TOKEN_LIFETIME: '1800' });
});

afterAll(() => simulator.stop());

describe('tokens for the queues of the vendor', () => {
  it.each(['GET', 'POST'] as const)(
    'are bought with the key of the account by %s, and open the queue',
    async (method) => {
      await simulator.send(QUEUE, 'eyJhIjoxfQ==');
      const client = await clientFor('SmsReport', method);
      const { body } = await client.batchReceiveMessage(QUEUE, 16, 1);
      expect(body).toMatchObject([{ MessageBody: 'eyJhIjoxfQ==' }]);
      await client.deleteMessage(QUEUE, body[0]!.ReceiptHandle);
      await expect(client.batchReceiveMessage(QUEUE, 16)).rejects.toMatchObject({ name: 'MNSMessageNotExistError' });
    },
  );

  it('tell their times in UTC+8', async () => {
    const before = Date.now();
    const { MessageTokenDTO } = await rpc({}, '2018-05-01').request(ACTION, { MessageType: 'SmsUp' });
    const time = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`);
    expect(time(MessageTokenDTO.ExpireTime) - time(MessageTokenDTO.CreateTime)).toBe(1_800_000);
    expect(time(MessageTokenDTO.CreateTime)).toBeGreaterThan(before - 1_001);
    expect(time(MessageTokenDTO.CreateTime)).toBeLessThanOrEqual(Date.now());
  });

  it('open no other queue, and do not let send', async () => {
    const client = await clientFor('SmsUp');
    await expect(client.receiveMessage(QUEUE)).rejects.toMatchObject(DENIED);
    await expect(client.sendMessage(QUEUE.replace('SmsReport', 'SmsUp'), { MessageBody: 'a' })).rejects.toMatchObject(
      DENIED,
    );
    await expect(client.receiveMessage(QUEUE.replace('SmsReport', 'SmsUp'))).rejects.toMatchObject({
      name: 'MNSMessageNotExistError',
    });
  });

  it('are refused with a wrong secret or an unknown key', async () => {
    await expect(rpc({ accessKeySecret: 'wrong' }).request(ACTION, { MessageType: 'SmsUp' })).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
    await expect(rpc({ accessKeyId: 'unknown' }).request(ACTION, { MessageType: 'SmsUp' })).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
    });
  });

  it('expire by themselves', async () => {
    await simulator.setFaults({ lifetimeSeconds: 1 });
    const client = await clientFor('SmsReport');
    await delay(1_100);
    await expect(client.receiveMessage(QUEUE)).rejects.toMatchObject(DENIED);
    await simulator.setFaults({ lifetimeSeconds: null });
  });

  it('die when they are told to, as what is chosen', async () => {
    const client = await clientFor('SmsReport');
    await simulator.setFaults({ expireNow: true, expiredAs: 'InvalidAccessKeyId' });
    await expect(client.receiveMessage(QUEUE)).rejects.toMatchObject({ name: 'MNSInvalidAccessKeyIdError' });
    await simulator.setFaults({ expiredAs: 'AccessDenied' });
    await expect((await clientFor('SmsReport')).receiveMessage(QUEUE)).rejects.toMatchObject({
      name: 'MNSMessageNotExistError',
    });
  });
});
