import { afterEach, describe, expect, it } from '@jest/globals';
import { closeIngress, exchange, ingress, listening, TOKEN } from './ingress-for-tests.js';
import { sourceWith } from './source-for-tests.js';

const OTHER_TOKEN = 'token-fedcba9876543210';
const push = (url: string) => ({ method: 'POST', url, payload: 'x' }) as const;

afterEach(closeIngress);

describe('when the sources change', () => {
  it('lets in by what they are now: tokens, addresses, sources that came and went', async () => {
    const { app, useSources } = await ingress();
    const statuses = async (): Promise<number[]> => {
      const urls = [
        `/receipts/ali/${TOKEN}`,
        `/receipts/ali/${OTHER_TOKEN}`,
        '/receipts/listed',
        '/receipts/new',
        '/receipts/chat',
      ];
      const answers = [];
      for (const url of urls) answers.push((await app.inject(push(url))).statusCode);
      return answers;
    };
    expect(await statuses()).toEqual([200, 404, 404, 404, 200]);
    useSources([
      sourceWith('ali', { tokens: [TOKEN, OTHER_TOKEN] }),
      sourceWith('listed', { allowFrom: ['127.0.0.0/8'] }),
      sourceWith('new', { unauthenticated: true }),
    ]);
    expect(await statuses()).toEqual([200, 200, 200, 200, 404]);
    useSources([sourceWith('ali', { tokens: [OTHER_TOKEN] })]);
    expect(await statuses()).toEqual([404, 200, 404, 404, 404]);
  });

  it('takes what has begun by the door that it came through, which is gone when its body is there', async () => {
    const { port, published, useSources } = await listening();
    const head = `POST /receipts/ali/${TOKEN} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n`;
    let changed = false;
    const answer = await exchange(port, head, /200 OK/, (received, send) => {
      if (changed || !received.includes('100 Continue')) return;
      changed = true;
      useSources([sourceWith('other', { unauthenticated: true })]);
      send('[]');
    });
    expect(answer).toMatch(/200 OK/);
    expect(published.map(({ headers }) => headers.source)).toEqual(['ali']);
  });

  it('refuses and loses nothing of a source that stays, however often they change', async () => {
    const { app, published, useSources } = await ingress();
    const statuses: Promise<number>[] = [];
    for (let round = 0; round < 200; round += 1) {
      statuses.push(app.inject(push(`/receipts/ali/${TOKEN}`)).then(({ statusCode }) => statusCode));
      useSources([sourceWith('ali', { tokens: [TOKEN, OTHER_TOKEN] }), sourceWith(`other-${round}`, {})]);
      if (round % 20 === 0) await new Promise(setImmediate);
    }
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]));
    expect(published).toHaveLength(200);
  });
});
