import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import pg from 'pg';
import { LedgerStore } from './ledger-store.js';
import { LedgerWatch } from './ledger-watch.js';
import { Reckoner } from './reckoning.js';

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('does not say that nothing is missing where it cannot look', async () => {
  const connection = { host: '127.0.0.1', port: await freePort() };
  const told: [string, number][] = [];
  const pool = new pg.Pool(connection);
  let warned!: () => void;
  const warning = new Promise<void>((resolve) => (warned = resolve));
  const watch = new LedgerWatch({
    connection,
    reckoner: new Reckoner({
      kafka: { brokers: [], clientId: 'test' },
      topicPrefix: 'test.',
      store: new LedgerStore(pool),
      identify: () => Promise.reject(new Error('nobody asks')),
    }),
    rawTopic: 'test.raw-receipts.v1',
    onMissing: (receipts) => told.push(['missing', receipts]),
    onBehind: (seconds) => {
      told.push(['behind', seconds]);
      warned();
    },
    logger: { warn: () => undefined, error: () => undefined },
  });
  const stopping = new AbortController();
  const done = watch.run(stopping.signal);
  await warning;
  expect(told.map(([what]) => what)).toEqual(['behind']);
  expect(told[0]![1]).toBeGreaterThan(0);
  stopping.abort();
  await done;
  await pool.end();
});
