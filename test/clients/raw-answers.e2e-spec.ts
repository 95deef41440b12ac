import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../system/until.js';
import type { RawAnswer, RawRequest } from './raw-requests.js';
import { exchange, requestBytes } from './raw-requests.js';
import type { Simulator } from './simulator-process.js';
import { startSimulator } from './simulator-process.js';

let simulator: Simulator;
let queue = 'raw-0';
let queues = 0;

const send = (request: RawRequest): Promise<RawAnswer | null> =>
  exchange(simulator.host, requestBytes(simulator.host, request));
const path = (rest = ''): string => `/queues/${queue}/messages${rest}`;
const handleIn = (answer: RawAnswer | null): string => /<ReceiptHandle>(.*)<\/ReceiptHandle>/.exec(answer!.body)![1]!;

beforeAll(async () => {
  simulator = await startSimulator({ LONG_POLLS: '1' });
});

beforeEach(async () => {
  queues += 1;
  queue = `raw-${queues}`;
  await simulator.send(queue, 'e30=');
});

afterAll(() => simulator.stop());

describe('what goes over the wire', () => {
  it('a message', async () => {
    const answer = await send({ method: 'GET', target: path() });
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/xml;charset=utf-8',
        'x-mns-version': '2015-06-06',
        'x-mns-request-id': expect.stringMatching(/^[0-9A-F]{24}$/),
      },
    });
    expect(answer!.body).toMatch(
      new RegExp(`^<\\?xml version="1.0" encoding="UTF-8"\\?>
<Message xmlns="http://mns.aliyuncs.com/doc/v1/">
  <MessageId>[0-9A-F]{16}-2-[0-9A-F]{11}-200000001</MessageId>
  <ReceiptHandle>1-[A-Za-z0-9+/=]+</ReceiptHandle>
  <MessageBody>e30=</MessageBody>
  <MessageBodyMD5>B32204472171546C70A5E5866F1DB73A</MessageBodyMD5>
  <EnqueueTime>\\d{13}</EnqueueTime>
  <NextVisibleTime>\\d{10}000</NextVisibleTime>
  <FirstDequeueTime>\\d{10}000</FirstDequeueTime>
  <DequeueCount>1</DequeueCount>
  <Priority>8</Priority>
</Message>$`),
    );
  });

  it('an error', async () => {
    await send({ method: 'GET', target: path() });
    const answer = await send({ method: 'GET', target: path('?numOfMessages=16') });
    expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'text/xml;charset=utf-8' } });
    expect(answer!.body).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<Error xmlns="http://mns.aliyuncs.com/doc/v1/">
  <Code>MessageNotExist</Code>
  <Message>Message not exist.</Message>
  <RequestId>${answer!.headers['x-mns-request-id']}</RequestId>
  <HostId>${simulator.url}</HostId>
</Error>`);
  });

  it('a batch of handles of which one is bad: the others are deleted', async () => {
    const handle = handleIn(await send({ method: 'GET', target: path() }));
    const answer = await send({
      method: 'DELETE',
      target: path(),
      // Some clients encode the digest's text, and one does not encode the body's own.
      headers: { 'content-type': 'text/xml;charset=UTF-8', 'content-md5': 'bm90IGl0cyBkaWdlc3Q=' },
      body: `<?xml version="1.0" encoding="utf-8"?>
<ReceiptHandles xmlns="http://mns.aliyuncs.com/doc/v1/">
  <ReceiptHandle>${handle}</ReceiptHandle>
  <ReceiptHandle>1-AAAA</ReceiptHandle>
</ReceiptHandles>`,
    });
    expect(answer).toMatchObject({
      status: 404,
      body: `<?xml version="1.0" encoding="UTF-8"?>
<Errors xmlns="http://mns.aliyuncs.com/doc/v1/">
  <Error>
    <ErrorCode>ReceiptHandleError</ErrorCode>
    <ErrorMessage>The receipt handle you provide is not valid.</ErrorMessage>
    <ReceiptHandle>1-AAAA</ReceiptHandle>
  </Error>
</Errors>`,
    });
    expect(await simulator.counts(queue)).toMatchObject({ inactive: 0, deleted: 1 });
  });

  it.each([
    ['as it is', (handle: string) => `?ReceiptHandle=${handle}`],
    ['escaped', (handle: string) => `?receiptHandle=${encodeURIComponent(handle)}`],
  ])('a delete with the handle %s, with a type and without a body', async (_name, query) => {
    const handle = handleIn(await send({ method: 'GET', target: path() }));
    const headers = { 'content-type': 'text/xml;charset=UTF-8' };
    const answer = await send({ method: 'DELETE', target: path(query(handle)), headers });
    expect(answer).toMatchObject({ status: 204, body: '' });
    expect(answer!.headers).not.toHaveProperty('content-type');
  });

  it('a whole address in the first line, as through a proxy', async () => {
    const signedTarget = path('?waitseconds=1');
    const target = `http://1.mns.cn-hangzhou.aliyuncs.com${signedTarget}`;
    expect(await send({ method: 'GET', target, signedTarget })).toMatchObject({ status: 200 });
    expect(await send({ method: 'GET', target })).toMatchObject({ status: 403 });
  });

  it.each([
    [408, 'TimeExpired', { headers: { date: new Date(Date.now() - 1_000_000).toUTCString() } }],
    [400, 'InvalidDateHeader', { headers: { date: 'yesterday' } }],
    [400, 'MissingVersionHeader', { headers: { 'x-mns-version': '' } }],
    [400, 'MissingReceiptHandle', { method: 'DELETE' }],
    [400, 'MissingVisibilityTimeout', { method: 'PUT', query: '?receiptHandle=1-AAAA' }],
    [400, 'ReceiptHandleError', { method: 'PUT', query: '?receiptHandle=1-AAAA&visibilityTimeout=1' }],
    [400, 'InvalidArgument', { query: '?waitseconds=31' }],
    [400, 'InvalidArgument', { query: '?numOfMessages=0' }],
    [400, 'MalformedXML', { method: 'POST', body: '<Message>', headers: { 'content-type': 'application/xml' } }],
  ])('%i %s', async (status, code, { method = 'GET', query = '', headers = {}, body = '' }: Wrong) => {
    const answer = await send({ method, target: path(query), headers, body });
    expect(answer).toMatchObject({ status, body: expect.stringContaining(`<Code>${code}</Code>`) });
  });

  it('nothing is handed to a client that has gone while it waited', async () => {
    await send({ method: 'GET', target: path() });
    const [address = '', port = ''] = simulator.host.split(':');
    const socket = connect(Number(port), address);
    socket.on('error', () => undefined);
    socket.write(requestBytes(simulator.host, { method: 'GET', target: path('?waitseconds=30') }));
    // While it waits nobody else may: the limit of this simulator is one.
    await until('the client waits', async () => {
      const startedAt = Date.now();
      const answer = await send({ method: 'GET', target: path('?waitseconds=1') });
      return answer!.status === 404 && Date.now() - startedAt < 900;
    });
    socket.destroy();
    await delay(50);
    await simulator.send(queue, 'e30=');
    expect(await simulator.counts(queue)).toMatchObject({ active: 1, inactive: 1 });
    expect(await send({ method: 'GET', target: path() })).toMatchObject({ status: 200 });
  });
});

interface Wrong {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

describe('faults', () => {
  it.each([
    ['errorShare', 500, 'InternalError'],
    ['throttleShare', 400, 'QpsLimitExceeded'],
  ])('%s', async (fault, status, code) => {
    await simulator.setFaults({ [fault]: 1 });
    const answer = await send({ method: 'GET', target: path() });
    await simulator.setFaults({ [fault]: 0 });
    expect(answer).toMatchObject({ status, body: expect.stringContaining(`<Code>${code}</Code>`) });
    expect(await simulator.counts(queue)).toMatchObject({ active: 1 });
  });

  it.each([
    ['dropShare', { active: 1, inactive: 0 }],
    ['dropAfterReceiveShare', { active: 0, inactive: 1 }],
  ])('%s: no answer', async (fault, counts) => {
    await simulator.setFaults({ [fault]: 1 });
    const answer = await send({ method: 'GET', target: path() });
    await simulator.setFaults({ [fault]: 0 });
    expect(answer).toBeNull();
    expect(await simulator.counts(queue)).toMatchObject(counts);
  });

  it('slowMs: the answer comes late', async () => {
    await simulator.setFaults({ slowMs: 300 });
    const startedAt = performance.now();
    const answer = await send({ method: 'GET', target: path() });
    await simulator.setFaults({ slowMs: 0 });
    expect(answer).toMatchObject({ status: 200 });
    expect(performance.now() - startedAt).toBeGreaterThan(290);
  });

  it('are shown and counted, and unknown ones refused', async () => {
    const put = await fetch(`${simulator.url}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ errorShare: 1.5, otherShare: 0 }),
    });
    expect(put.status).toBe(400);
    expect(await put.text()).toMatch(/otherShare should not exist.*errorShare must not be greater than 1/);
    const cleared = await fetch(`${simulator.url}/faults`, { method: 'DELETE' });
    expect(await cleared.json()).toMatchObject({ faults: { errorShare: 0 }, counts: {} });
    await simulator.setFaults({ errorShare: 1 });
    await send({ method: 'GET', target: path() });
    const shown = (await (await fetch(`${simulator.url}/faults`)).json()) as object;
    await fetch(`${simulator.url}/faults`, { method: 'DELETE' });
    expect(shown).toMatchObject({ faults: { errorShare: 1 }, counts: { errorShare: 1 } });
  });
});
