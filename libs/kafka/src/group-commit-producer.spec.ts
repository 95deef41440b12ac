import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QueueTimeoutError } from './errors.js';
import { GroupCommitProducer } from './group-commit-producer.js';

const ignore = (): void => undefined;
const LOGGER = { debug: ignore, info: ignore, warn: ignore, error: ignore };

describe('without a connection', () => {
  const sockets: Socket[] = [];
  let silent: Server;
  let producer: GroupCommitProducer;

  /** A broker that hangs: it lets everybody in and never says a word. */
  beforeAll(async () => {
    silent = createServer((socket) => sockets.push(socket.on('error', ignore)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const kafka = { brokers: [`127.0.0.1:${port}`], clientId: 'test' };
    producer = new GroupCommitProducer({ kafka, logger: LOGGER, sendTimeout: 20_000 });
  });

  afterAll(async () => {
    await producer.close(0);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('what is no longer wanted is given up while the attempt to connect goes on', async () => {
    const record = { topic: 't', key: null, value: 'v', headers: {} };
    const began = performance.now();
    const wanted = producer.publish(record).catch(ignore);
    await expect(producer.publish(record, { expiresAt: began + 200 })).rejects.toThrow(QueueTimeoutError);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(producer.queuedRecords).toBe(1);
    await producer.close(0);
    await wanted;
  });
});
