import { createHmac, hash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { PushAuthentication, Source } from '#runtime';
import { closeIngress, exchange, ingress, listening, TOKEN } from './ingress-for-tests.js';
import type { Ingress } from './ingress-for-tests.js';
import { sourceWith } from './source-for-tests.js';

const ACCESS_KEY = 'exampleAk';
const SECRET_KEY = 'exampleSk*1231d881wd';
const BODY = '{"statusReportList":[]}';
const OK = '{"returnCode":0,"returnCodeDesc":"Success"}';

afterEach(closeIngress);

function signedSource(http: Partial<NonNullable<Source['http']>>, push: Partial<PushAuthentication> = {}): Source {
  const authentication: PushAuthentication = {
    keys: [
      { accessKey: 'another', secretKey: 'another secret' },
      { accessKey: ACCESS_KEY, secretKey: SECRET_KEY },
    ],
    mode: 'enforce',
    maxSkew: null,
    signedHeaders: new Map(),
    ...push,
  };
  const source = sourceWith('hw', { push: authentication, ...http });
  return { ...source, provider: 'huawei', receipt: 'BatchStatusReport' };
}

interface Push {
  readonly path?: string;
  readonly host?: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly date?: string;
}

/** The headers that Huawei sends, names and all; the signature is made here, by a second implementation. */
function headersOf({ path = '/receipts/hw', host = '205.145.111.168:9330', body = BODY, ...rest }: Push = {}): Map<
  string,
  string
> {
  const { contentType = 'application/JSON;charset=UTF-8', date = now() } = rest;
  const headers = new Map([
    ['Host', host],
    ['Content-Type', contentType],
    ['X-Sdk-Date', date],
    ['Connection', 'close'],
    ['Content-Length', String(Buffer.byteLength(body))],
  ]);
  const signed = [...headers].map(([name, value]) => `${name.toLowerCase()}:${value}\n`).sort();
  const names = signed.map((line) => line.slice(0, line.indexOf(':'))).join(';');
  const canonical = `POST\n${path}/\n\n${signed.join('')}\n${names}\n${hash('sha256', body, 'hex')}`;
  const text = `SDK-HMAC-SHA256\n${date}\n${hash('sha256', canonical, 'hex')}`;
  const signature = createHmac('sha256', SECRET_KEY).update(text).digest('hex');
  headers.set('Authorization', `SDK-HMAC-SHA256 Access=${ACCESS_KEY},SignedHeaders=${names},Signature=${signature}`);
  return headers;
}

function now(offset = 0): string {
  return new Date(Date.now() + offset).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

async function push(
  { app }: Ingress,
  headers: Map<string, string>,
  { path = '/receipts/hw', body = BODY }: Push = {},
): Promise<{ status: number; body: string }> {
  const answer = await app.inject({
    method: 'POST',
    url: path,
    payload: body,
    headers: Object.fromEntries(headers),
  });
  return { status: answer.statusCode, body: answer.body };
}

describe('a push that is signed', () => {
  it('is let in over a real connection, as the vendor sends it, and says how it was authenticated', async () => {
    const { port, published } = await listening({ sources: [signedSource({})] });
    const head = [...headersOf()].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const text = `POST /receipts/hw HTTP/1.1\r\n${head}Pooltype: approxy\r\n\r\n${BODY}`;
    const answer = await exchange(port, text, /Success/);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain(`content-length: 43\r\n`);
    expect(answer.endsWith(OK)).toBe(true);
    expect(published).toMatchObject([
      {
        value: Buffer.from(BODY),
        headers: {
          source: 'hw',
          'authenticated-by': 'signature',
          // The type is signed as it was sent, and travels as it was sent.
          'content-type': 'application/JSON;charset=UTF-8',
        },
      },
    ]);
  });

  it('is let in with a token in its path, which is signed with it', async () => {
    const path = `/receipts/hw/${TOKEN}`;
    const started = await ingress({ sources: [signedSource({ tokens: [TOKEN] })] });
    expect(await push(started, headersOf({ path }), { path })).toEqual({ status: 200, body: OK });
    expect(started.published[0]?.headers['authenticated-by']).toBe('signature');
  });

  it('is let in with an old date, which is counted; and is not where the source bounds it', async () => {
    const old = headersOf({ date: now(-3_600_000) });
    const lenient = await ingress({ sources: [signedSource({})] });
    expect((await push(lenient, old)).status).toBe(200);
    expect(await lenient.metrics()).toContain('quittance_push_signatures_total{source="hw",result="valid-old"} 1');
    await closeIngress();
    const strict = await ingress({ sources: [signedSource({}, { maxSkew: 900_000 })] });
    expect((await push(strict, old)).status).toBe(401);
    expect((await push(strict, headersOf())).status).toBe(200);
    expect(await strict.metrics()).toContain('quittance_push_signatures_total{source="hw",result="valid"} 1');
  });

  it('is let in behind a proxy that rewrites what was signed, where the source says what that was', async () => {
    const signedHeaders = new Map([
      ['host', '205.145.111.168:9330'],
      ['connection', 'close'],
    ]);
    const started = await ingress({ sources: [signedSource({}, { signedHeaders })] });
    const rewritten = headersOf().set('Host', 'ingress.internal').set('Connection', 'keep-alive');
    expect((await push(started, rewritten)).status).toBe(200);
  });
});

describe('a push that is not signed as it must be', () => {
  it.each([
    ['no-signature', (headers: Map<string, string>) => headers.delete('Authorization')],
    ['malformed-signature', (headers: Map<string, string>) => headers.set('Authorization', 'Basic YTpi')],
    ['wrong-signature', (headers: Map<string, string>) => headers.set('X-Sdk-Date', now(-1_000))],
    ['header-missing', (headers: Map<string, string>) => headers.delete('X-Sdk-Date')],
  ])('gets 401, always the same bytes, leaves no record and is counted: %s', async (problem, change) => {
    const started = await ingress({ sources: [signedSource({})] });
    const headers = headersOf();
    change(headers);
    expect(await push(started, headers)).toEqual({ status: 401, body: 'unauthorised\n' });
    expect(started.published).toEqual([]);
    const metrics = await started.metrics();
    expect(metrics).toContain(`quittance_push_signatures_total{source="hw",result="${problem}"} 1`);
    expect(metrics).toContain(`quittance_receipts_refused_total{source="hw",reason="${problem}"} 1`);
  });

  it('gets 401 with another body', async () => {
    const started = await ingress({ sources: [signedSource({})] });
    const forged = { body: BODY.replace('[]', '{}') };
    expect((await push(started, headersOf(), forged)).status).toBe(401);
  });

  it('is taken where the source only logs, and says what it was let in by', async () => {
    for (const [http, by] of [
      [{}, 'none'],
      [{ allowFrom: ['127.0.0.1'] }, 'allow-list'],
    ] as const) {
      const started = await ingress({ sources: [signedSource(http, { mode: 'log-only' })] });
      const headers = headersOf();
      headers.delete('Authorization');
      expect(await push(started, headers)).toEqual({ status: 200, body: OK });
      expect(await push(started, headersOf())).toEqual({ status: 200, body: OK });
      expect(started.published.map((record) => record.headers['authenticated-by'])).toEqual([by, 'signature']);
      expect(await started.metrics()).toContain('quittance_push_signatures_total{source="hw",result="no-signature"} 1');
      await closeIngress();
      expect(started.log.join('')).toContain('receipt.taken-unverified');
    }
  });
});

describe('what is configured must all hold', () => {
  const source = signedSource({ tokens: [TOKEN], allowFrom: ['127.0.0.1'] });

  it('a right signature without the token is nobody', async () => {
    const started = await ingress({ sources: [source] });
    expect((await push(started, headersOf())).status).toBe(404);
  });

  it('the right token without a signature is refused', async () => {
    const path = `/receipts/hw/${TOKEN}`;
    const started = await ingress({ sources: [source] });
    const headers = headersOf({ path });
    headers.delete('Authorization');
    expect((await push(started, headers, { path })).status).toBe(401);
  });

  it('both from an address that is not on the list is nobody', async () => {
    const path = `/receipts/hw/${TOKEN}`;
    const started = await ingress({ sources: [signedSource({ tokens: [TOKEN], allowFrom: ['203.0.113.1'] })] });
    expect((await push(started, headersOf({ path }), { path })).status).toBe(404);
  });
});

it('a source that asks for no signature looks at none', async () => {
  const started = await ingress({ sources: [signedSource({ push: null, unauthenticated: true })] });
  const headers = headersOf().set('Authorization', 'nonsense');
  expect((await push(started, headers)).status).toBe(200);
  expect(started.published[0]?.headers['authenticated-by']).toBe('none');
  expect(await started.metrics()).not.toContain('quittance_push_signatures_total{');
});
