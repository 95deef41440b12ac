import { afterEach, expect, it } from '@jest/globals';
import { PublishFailedError } from '#kafka';
import { closeIngress, ingress, TOKEN } from './ingress-for-tests.js';

const push = { method: 'POST', url: `/receipts/ali/${TOKEN}`, payload: '[]' } as const;
const parsed = (log: readonly string[]) => log.map((line) => JSON.parse(line) as Record<string, unknown>);

afterEach(closeIngress);

it('an accepted receipt has a line if it belongs to the sample, by which it can be followed', async () => {
  const { app, log, published } = await ingress({ log: { level: 'info', sample: 1 } });
  await app.inject(push);
  expect(parsed(log)).toEqual([
    expect.objectContaining({
      level: 'info',
      msg: 'receipt.accepted',
      receiptId: published[0]!.headers['receipt-id'],
      source: 'ali',
      bytes: 2,
      authenticatedBy: 'token',
      ms: expect.any(Number),
      publishMs: expect.any(Number),
    }),
  ]);
});

it('what does not belong to the sample has none', async () => {
  const { app, log } = await ingress({ log: { level: 'info', sample: 0 } });
  expect((await app.inject(push)).statusCode).toBe(200);
  expect(log).toEqual([]);
});

it('what was refused is always told, once for many, with the last receipt that had an id; so are strangers', async () => {
  const { app, log } = await ingress({
    log: { level: 'info', sample: 0 },
    publish: () => Promise.reject(new PublishFailedError('away')),
  });
  for (let times = 0; times < 3; times += 1) expect((await app.inject(push)).statusCode).toBe(503);
  await app.inject({ ...push, url: '/receipts/ali/wrong-token-0123456789' });
  await app.inject({ ...push, url: '/receipts/somebody-elses-name' });
  await closeIngress();
  const counts = parsed(log).filter(({ msg }) => msg === 'receipt.refused');
  const of = (source: string, reason: string) =>
    counts.filter((each) => each.source === source && each.reason === reason);
  expect(of('ali', 'kafka-unavailable').reduce((sum, { count }) => sum + Number(count), 0)).toBe(3);
  expect(of('ali', 'kafka-unavailable').at(-1)!.receiptId).toMatch(/^[0-9a-f-]{36}$/);
  expect([of('ali', 'wrong-token').length, of('none', 'unknown-source').length]).toEqual([1, 1]);
  expect(log.join('')).not.toMatch(/somebody-elses-name|wrong-token-0123/);
});
