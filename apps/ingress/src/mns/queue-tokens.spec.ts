import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ownKey, QueueTokens } from './queue-tokens.js';

const NOW = Date.UTC(2026, 6, 9, 3, 0, 0);
const MINUTE = 60_000;

/** A time as the vendor writes it: at UTC+8, without saying so. */
function beijing(unixMs: number): string {
  return new Date(unixMs + 8 * 60 * MINUTE).toISOString().slice(0, 19).replace('T', ' ');
}

/** The vendor's answer (QueryTokenForMnsQueue). */
function granted(number: number, { created = Date.now(), lifetime = 60 * MINUTE } = {}): object {
  return {
    Code: 'OK',
    Message: 'OK',
    RequestId: '00000000-0000-4000-8000-000000000002',
    MessageTokenDTO: {
      AccessKeyId: `STS.${number}`,
      AccessKeySecret: 'secret',
      SecurityToken: `token-${number}`,
      CreateTime: beijing(created),
      ExpireTime: beijing(created + lifetime),
    },
  };
}

describe('QueueTokens', () => {
  const asked: URL[] = [];
  let answer: (number: number) => { status?: number; body: unknown };
  let server: Server;
  let tokens: QueueTokens;

  beforeEach(async () => {
    asked.length = 0;
    answer = (number) => ({ body: granted(number) });
    server = createServer((request: IncomingMessage, response) => {
      asked.push(new URL(request.url!, 'http://h'));
      const { status = 200, body } = answer(asked.length);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Only the clock: requests and answers have to take their time.
    jest.useFakeTimers({
      now: NOW,
      doNotFake: [
        'nextTick',
        'setImmediate',
        'setTimeout',
        'setInterval',
        'clearTimeout',
        'clearInterval',
        'clearImmediate',
        'performance',
        'hrtime',
        'queueMicrotask',
      ],
    });
    tokens = new QueueTokens({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      regionId: 'cn-hangzhou',
      messageType: 'SmsReport',
      queue: 'Alicom-Queue-1000000000000001-SmsReport',
      accessKeyId: 'testid',
      accessKeySecret: 'testsecret',
    });
  });

  afterEach(async () => {
    jest.useRealTimers();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('asks for the message type with the key of the account, signed', async () => {
    expect(await tokens.get()).toEqual({ accessKeyId: 'STS.1', accessKeySecret: 'secret', securityToken: 'token-1' });
    expect(Object.fromEntries(asked[0]!.searchParams)).toMatchObject({
      Action: 'QueryTokenForMnsQueue',
      Version: '2017-05-25',
      MessageType: 'SmsReport',
      QueueName: 'Alicom-Queue-1000000000000001-SmsReport',
      RegionId: 'cn-hangzhou',
      AccessKeyId: 'testid',
      SignatureMethod: 'HMAC-SHA1',
      Signature: expect.stringMatching(/=$/),
    });
  });

  it('asks once for all who want it at the same time', async () => {
    const all = await Promise.all([tokens.get(), tokens.get(), tokens.get()]);
    expect(new Set(all).size).toBe(1);
    expect(asked).toHaveLength(1);
  });

  it('keeps a token until two minutes before it expires, reading its time at UTC+8', async () => {
    await tokens.get();
    jest.setSystemTime(NOW + 57 * MINUTE);
    expect(await tokens.get()).toMatchObject({ accessKeyId: 'STS.1' });
    jest.setSystemTime(NOW + 58 * MINUTE + 1_000);
    expect(await tokens.get()).toMatchObject({ accessKeyId: 'STS.2' });
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['behind', -3 * 60 * MINUTE],
    ['ahead', 3 * 60 * MINUTE],
  ])('goes by how long a token lives where our clock is %s', async (_where, offset) => {
    answer = (number) => ({ body: granted(number, { created: Date.now() - offset }) });
    await tokens.get();
    jest.setSystemTime(NOW + 57 * MINUTE);
    await tokens.get();
    expect(asked).toHaveLength(1);
    jest.setSystemTime(NOW + 59 * MINUTE);
    await tokens.get();
    expect(asked).toHaveLength(2);
  });

  it('does not ask again and again for tokens that hardly live', async () => {
    answer = (number) => ({ body: granted(number, { lifetime: 1_000 }) });
    await tokens.get();
    jest.setSystemTime(NOW + 4_000);
    await tokens.get();
    expect(asked).toHaveLength(1);
  });

  it('asks again when the queue has refused the token, once for everybody who was refused', async () => {
    const first = await tokens.get();
    tokens.refuse(first);
    const second = await tokens.get();
    tokens.refuse(first);
    expect(await tokens.get()).toBe(second);
    expect(asked).toHaveLength(2);
  });

  it('does not let a queue that refuses every token use up those of others', async () => {
    tokens.refuse(await tokens.get());
    const second = await tokens.get();
    jest.setSystemTime(NOW + 59_000);
    tokens.refuse(second);
    expect(await tokens.get()).toBe(second);
    jest.setSystemTime(NOW + 61_000);
    tokens.refuse(second);
    expect(await tokens.get()).not.toBe(second);
    expect(asked).toHaveLength(3);
  });

  it('goes on with the old token while it lives and no new one is to be had', async () => {
    await tokens.get();
    answer = () => ({ status: 500, body: { Code: 'InternalError', Message: 'x' } });
    jest.setSystemTime(NOW + 59 * MINUTE);
    expect(await tokens.get()).toMatchObject({ accessKeyId: 'STS.1' });
    expect(await tokens.get()).toMatchObject({ accessKeyId: 'STS.1' });
    expect(asked).toHaveLength(2);
    jest.setSystemTime(NOW + 61 * MINUTE);
    await expect(tokens.get()).rejects.toMatchObject({ code: 'InternalError' });
  });

  it.each([
    [{ status: 404, body: { Code: 'InvalidAccessKeyId.NotFound', Message: 'x' } }, 'InvalidAccessKeyId.NotFound'],
    [{ body: { Code: 'isv.NO_PERMISSION', Message: 'x' } }, 'isv.NO_PERMISSION'],
    [{ body: { Message: 'no code' } }, 'NoCode'],
    [{ body: { Code: 'OK' } }, 'NoToken'],
    [{ body: '<html>a proxy</html>' }, 'UnexpectedAnswer'],
  ])('says by a code why there is none: %p', async (refusal, code) => {
    answer = () => refusal;
    await expect(tokens.get()).rejects.toMatchObject({ name: 'QueueError', code });
  });
});

describe('ownKey', () => {
  it('is the key of the account, without a token, refused or not', async () => {
    const source = ownKey({ accessKeyId: 'a', accessKeySecret: 'b' });
    const key = await source.get();
    source.refuse(key);
    expect(await source.get()).toEqual({ accessKeyId: 'a', accessKeySecret: 'b' });
  });
});
