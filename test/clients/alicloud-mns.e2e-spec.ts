import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { MnsClient } from './alicloud-mns.js';
import type { Simulator } from './simulator-process.js';
import { KEY, startSimulator } from './simulator-process.js';

const QUEUE = 'clients-alicloud';
const EMPTY = { name: 'MNSMessageNotExistError' };

let simulator: Simulator;
let client: MnsClient;

beforeAll(async () => {
  simulator = await startSimulator();
  client = new MnsClient('1000000000000001', { endpoint: simulator.url, ...KEY });
  const created = await client.createQueue(QUEUE, { VisibilityTimeout: 30 });
  expect(created).toMatchObject({ code: 201, headers: { location: `${simulator.url}/queues/${QUEUE}` } });
});

afterAll(() => simulator.stop());

describe('@alicloud/mns', () => {
  it('sends, peeks, receives, hides for longer and deletes', async () => {
    const text = 'äöü & <b> "quoted"';
    const sent = await client.sendMessage(QUEUE, { MessageBody: 'äöü &amp; &lt;b&gt; "quoted"', Priority: 3 });
    expect(sent).toMatchObject({ code: 201, body: { MessageId: expect.stringMatching(/^[0-9A-F]{16}-2-/) } });
    const peeked = await client.peekMessage(QUEUE);
    expect(peeked.body).toMatchObject({
      MessageId: sent.body.MessageId,
      MessageBody: text,
      DequeueCount: '0',
      Priority: '3',
    });
    expect(peeked.body).not.toHaveProperty('ReceiptHandle');

    const { body: received } = await client.receiveMessage(QUEUE);
    expect(received).toMatchObject({ MessageId: sent.body.MessageId, MessageBody: text, DequeueCount: '1' });
    expect(Number(received.NextVisibleTime) - Number(received.FirstDequeueTime)).toBe(30_000);
    await expect(client.receiveMessage(QUEUE)).rejects.toMatchObject(EMPTY);

    const changed = await client.changeMessageVisibility(QUEUE, received.ReceiptHandle, 600);
    expect(Number(changed.body.NextVisibleTime)).toBeGreaterThan(Number(received.NextVisibleTime) + 500_000);
    await expect(client.deleteMessage(QUEUE, received.ReceiptHandle)).rejects.toMatchObject(EMPTY);
    expect(await client.deleteMessage(QUEUE, changed.body.ReceiptHandle)).toMatchObject({ code: 204 });
    expect(await simulator.counts(QUEUE)).toMatchObject({ active: 0, inactive: 0, deleted: 1 });
  });

  it('works in batches, and is told which handles of one were not good', async () => {
    const sent = await client.batchSendMessage(
      QUEUE,
      [1, 2, 3].map((n) => ({ MessageBody: `batch ${n}` })),
    );
    expect(sent).toMatchObject({ code: 201, body: [{}, {}, {}] });
    const peeked = await client.batchPeekMessage(QUEUE, 16);
    expect(peeked.body.map(({ MessageBody }) => MessageBody)).toEqual(['batch 1', 'batch 2', 'batch 3']);
    const { body: received } = await client.batchReceiveMessage(QUEUE, 16, 1);
    expect(received.map(({ MessageBody }) => MessageBody)).toEqual(['batch 1', 'batch 2', 'batch 3']);
    await expect(client.batchReceiveMessage(QUEUE, 16)).rejects.toMatchObject(EMPTY);

    const [first, second, third] = received.map(({ ReceiptHandle }) => ReceiptHandle);
    expect(await client.batchDeleteMessage(QUEUE, [first!, '1-AAAA'])).toMatchObject({
      code: 404,
      body: [{ ErrorCode: 'ReceiptHandleError', ReceiptHandle: '1-AAAA' }],
    });
    expect(await client.batchDeleteMessage(QUEUE, [first!, second!])).toMatchObject({
      code: 404,
      body: [{ ErrorCode: 'MessageNotExist', ReceiptHandle: first! }],
    });
    expect(await client.batchDeleteMessage(QUEUE, [third!])).toMatchObject({ code: 204, body: undefined });
    expect(await simulator.counts(QUEUE)).toMatchObject({ active: 0, inactive: 0, deleted: 4 });
  });

  it('gets a message at once that comes while it waits', async () => {
    const poll = client.receiveMessage(QUEUE, 30);
    await delay(200);
    await simulator.send(QUEUE, 'late');
    const { body } = await poll;
    expect(body).toMatchObject({ MessageBody: 'late' });
    await client.deleteMessage(QUEUE, body.ReceiptHandle);
  });

  it('gets a message again when its time is over, with another handle', async () => {
    await client.setQueueAttributes(QUEUE, { VisibilityTimeout: 1 });
    await client.sendMessage(QUEUE, { MessageBody: 'again' });
    const first = await client.receiveMessage(QUEUE);
    const second = await client.receiveMessage(QUEUE, 30);
    expect(second.body).toMatchObject({ MessageId: first.body.MessageId, DequeueCount: '2' });
    expect(second.body.FirstDequeueTime).toBe(first.body.FirstDequeueTime);
    await expect(client.deleteMessage(QUEUE, first.body.ReceiptHandle)).rejects.toMatchObject(EMPTY);
    await client.deleteMessage(QUEUE, second.body.ReceiptHandle);
  });

  it('manages queues', async () => {
    await client.createQueue('clients-other', { DelaySeconds: 7 });
    expect(await client.createQueue('clients-other', { DelaySeconds: 7 })).toMatchObject({ code: 204 });
    await expect(client.createQueue('clients-other', { DelaySeconds: 8 })).rejects.toMatchObject({
      name: 'MNSQueueAlreadyExistError',
    });
    await client.sendMessage('clients-other', { MessageBody: 'delayed' });
    const { body } = await client.getQueueAttributes('clients-other');
    expect(body).toMatchObject({
      QueueName: 'clients-other',
      DelaySeconds: '7',
      DelayMessages: '1',
      ActiveMessages: '0',
    });
    expect((await client.listQueue(undefined, 10, 'clients-')).body.map(({ QueueURL }) => QueueURL)).toEqual(
      [QUEUE, 'clients-other'].map((name) => `${simulator.url}/queues/${name}`),
    );
    expect(await client.deleteQueue('clients-other')).toMatchObject({ code: 204 });
    await expect(client.receiveMessage('clients-other')).rejects.toMatchObject({ name: 'MNSQueueNotExistError' });
  });

  it('is refused with a wrong secret, an unknown key, and at the queues of the vendor', async () => {
    const other = (key: Partial<typeof KEY>): MnsClient =>
      new MnsClient('1000000000000001', { endpoint: simulator.url, ...KEY, ...key });
    await expect(other({ accessKeySecret: 'wrong' }).receiveMessage(QUEUE)).rejects.toMatchObject({
      name: 'MNSSignatureDoesNotMatchError',
    });
    await expect(other({ accessKeyId: 'unknown' }).receiveMessage(QUEUE)).rejects.toMatchObject({
      name: 'MNSInvalidAccessKeyIdError',
    });
    await expect(client.receiveMessage('Alicom-Queue-1000000000000001-SmsReport')).rejects.toMatchObject({
      name: 'MNSAccessDeniedError',
    });
  });

  it('is refused what is out of range', async () => {
    await expect(client.batchReceiveMessage(QUEUE, 17)).rejects.toMatchObject({ name: 'MNSInvalidArgumentError' });
    await expect(client.receiveMessage(QUEUE, 31)).rejects.toMatchObject({ name: 'MNSInvalidArgumentError' });
    await expect(client.setQueueAttributes(QUEUE, { VisibilityTimeout: 0 })).rejects.toMatchObject({
      name: 'MNSInvalidArgumentError',
    });
    await expect(client.sendMessage(QUEUE, { Nothing: 1 })).rejects.toMatchObject({ name: 'MNSInvalidArgumentError' });
  });
});
