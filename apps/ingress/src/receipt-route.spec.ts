import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PublishFailedError, QueueFullError, QueueTimeoutError, RecordTooLargeError } from '#kafka';
import { closeIngress, exchange, ingress, listening, TOKEN } from './ingress-for-tests.js';
import { BODY_LIMIT } from './receipt-body.js';
import { sourceWith } from './source-for-tests.js';

const PATH = `/receipts/ali/${TOKEN}`;
const OK = '{"code":0,"msg":"ok"}';
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

afterEach(closeIngress);

describe('a receipt', () => {
  it('becomes one record: its bytes, no key, and the headers of the contract', async () => {
    const { app, published } = await ingress();
    const body = Buffer.from([0x5b, 0x00, 0xff, 0xfe, 0x5d]);
    const answer = await app.inject({
      method: 'POST',
      url: PATH,
      payload: body,
      headers: { 'content-type': 'application/json;charset=utf-8', 'content-encoding': 'gzip' },
    });
    expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([200, 'application/json', OK]);
    expect(answer.headers.server).toBeUndefined();
    expect(published).toEqual([
      {
        topic: 'quittance.raw-receipts.v1',
        key: null,
        value: body,
        headers: {
          'receipt-id': expect.stringMatching(UUID_V7),
          source: 'ali',
          provider: 'alibaba',
          account: 'main',
          'receipt-type': 'SmsReport',
          channel: 'sms',
          transport: 'http',
          'received-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          'observed-at': published[0]!.headers['received-at'],
          'content-type': 'application/json;charset=utf-8',
          'content-encoding': 'gzip',
          'remote-address': '127.0.0.1',
          'authenticated-by': 'token',
        },
      },
    ]);
  });

  it('has no channel where only its sender tells it, and no content-encoding where there is none', async () => {
    const { app, published } = await ingress();
    await app.inject({ method: 'POST', url: '/receipts/chat', payload: 'x' });
    expect(Object.keys(published[0]!.headers)).not.toContain('channel');
    expect(Object.keys(published[0]!.headers)).not.toContain('content-encoding');
    expect(published[0]!.headers['authenticated-by']).toBe('none');
  });

  it.each([
    ['application/json', '{"a": 1'],
    ['application/json', ''],
    ['text/plain', 'plain'],
    ['application/x-www-form-urlencoded', 'a=1&b=%zz'],
    ['multipart/form-data; boundary=x', '--x\r\nbroken'],
    ['complete nonsense', 'x'],
    ['/', 'x'],
    ['', 'x'],
    [undefined, 'x'],
    [undefined, ''],
  ])('is taken untouched with content type %j and body %j', async (contentType, body) => {
    const { published, port } = await listening();
    const type = contentType === undefined ? '' : `content-type: ${contentType}\r\n`;
    const head = `POST ${PATH} HTTP/1.1\r\nhost: x\r\n${type}content-length: ${body.length}\r\nconnection: close\r\n\r\n`;
    expect(await exchange(port, head + body, /\{"code":0,"msg":"ok"\}$/)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(published[0]?.value).toEqual(Buffer.from(body));
    expect(published[0]?.headers['content-type']).toBe(contentType ?? '');
  });

  it('is taken without a length as well, and in chunks', async () => {
    const { published, port } = await listening();
    const first = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n`;
    await exchange(port, [first, '1\r\nc\r\n0\r\n\r\n'], /msg/);
    await exchange(port, `POST ${PATH} HTTP/1.1\r\nhost: x\r\n\r\n`, /msg/);
    expect(published.map(({ value }) => value.toString())).toEqual(['abc', '']);
  });

  it('is answered only after it has been published', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { app, published } = await ingress({ publish: () => gate });
    let answered = false;
    const answer = app.inject({ method: 'POST', url: PATH, payload: 'x' }).then((response) => {
      answered = true;
      return response.statusCode;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([answered, published.length]).toEqual([false, 0]);
    release();
    expect(await answer).toBe(200);
  });
});

describe('everybody who is not to know why', () => {
  it('gets the same 404, and his body is not read', async () => {
    const { app, published, log, metrics } = await ingress();
    const answers = await Promise.all(
      [
        ['POST', '/receipts/nobody/whatever-token-000'],
        ['POST', '/receipts/nobody'],
        ['POST', '/receipts/ali/wrong-token-00000000'],
        ['POST', `/receipts/ali/${TOKEN}${'x'.repeat(5000)}`],
        ['POST', '/receipts/ali'],
        ['POST', '/receipts/ali/'],
        ['POST', `${PATH}/more`],
        ['POST', '/receipts/listed'],
        ['POST', `/receipts/chat/${TOKEN}`],
        ['POST', '/receipts/%zz'],
        ['POST', '/'],
        ['PUT', PATH],
        ['DELETE', PATH],
        ['OPTIONS', PATH],
        ['GET', '/receipts/ali/wrong-token-00000000'],
        ['GET', '/metrics'],
        ['GET', '/health/live'],
      ].map(([method, url]) =>
        app.inject({ method: method as 'POST', url: url!, headers: { 'content-type': 'a b' }, payload: '{"x":' }),
      ),
    );
    for (const { statusCode, headers, body } of answers) {
      const { date: _date, ...rest } = headers;
      expect({ statusCode, headers: rest, body }).toEqual({
        statusCode: 404,
        headers: { 'content-type': 'text/plain', 'content-length': '10', connection: 'keep-alive' },
        body: 'not found\n',
      });
    }
    expect([published, log]).toEqual([[], []]);
    const counted = await metrics();
    expect(counted).toContain('quittance_receipts_refused_total{source="none",reason="unknown-source"} 2');
    expect(counted).toContain('quittance_receipts_refused_total{source="ali",reason="wrong-token"} 4');
    expect(counted).toContain('quittance_receipts_refused_total{source="listed",reason="address-not-allowed"} 1');
  });

  it('gets it while his body is still far from complete', async () => {
    const { port } = await listening();
    const head = 'POST /receipts/ali/wrong-token-00000000 HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n';
    expect(await exchange(port, head, /not found/)).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('is believed about his address only behind a trusted proxy', async () => {
    const forwarded = { method: 'POST', url: '/receipts/listed', payload: 'x' } as const;
    const direct = await ingress();
    const header = { 'x-forwarded-for': '203.0.113.9' };
    expect((await direct.app.inject({ ...forwarded, headers: header })).statusCode).toBe(404);
    await direct.app.close();

    const proxied = await ingress({ trustedProxies: ['127.0.0.0/8'] });
    expect((await proxied.app.inject({ ...forwarded, headers: header })).statusCode).toBe(200);
    expect(proxied.published[0]!.headers['remote-address']).toBe('203.0.113.9');
    expect(proxied.published[0]!.headers['authenticated-by']).toBe('allow-list');
    const spoofed = { 'x-forwarded-for': '203.0.113.9, 192.0.2.1' };
    expect((await proxied.app.inject({ ...forwarded, headers: spoofed })).statusCode).toBe(404);
    const nonsense = { 'x-forwarded-for': 'Zürich; x' };
    await proxied.app.inject({ method: 'POST', url: PATH, payload: 'x', headers: nonsense });
    expect(proxied.published[1]!.headers['remote-address']).toBe('');
  });
});

it('probes with GET and HEAD are answered 200 where a receipt would be taken', async () => {
  const { port, published } = await listening();
  const probe = (method: string, path: string) =>
    exchange(port, `${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, /never/);
  expect(await probe('GET', PATH)).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nok\n$/);
  expect(await probe('HEAD', '/receipts/chat')).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n$/);
  expect(published).toEqual([]);
});

describe('a body', () => {
  it('may be as large as the limit and not a byte larger', async () => {
    const { app, published } = await ingress();
    const post = (payload: Buffer) => app.inject({ method: 'POST', url: PATH, payload });
    expect((await post(Buffer.alloc(BODY_LIMIT))).statusCode).toBe(200);
    expect((await post(Buffer.alloc(BODY_LIMIT + 1))).statusCode).toBe(413);
    expect(published).toHaveLength(1);
  });

  it('that turns out too large on the way is refused, and the client can read why', async () => {
    const { port, published, metrics } = await listening();
    const answer = await new Promise<string>((resolve, reject) => {
      const request = httpRequest({ port, method: 'POST', path: PATH }, (response) => {
        response.on('data', () => undefined);
        response.on('end', () => {
          resolve(`${response.statusCode ?? 0}`);
        });
      });
      request.on('error', reject);
      for (let sent = 0; sent < 2 * BODY_LIMIT; sent += 64 * 1024) request.write(Buffer.alloc(64 * 1024));
      request.end();
    });
    expect([answer, published]).toEqual(['413', []]);
    expect(await metrics()).toContain('quittance_receipts_refused_total{source="ali",reason="too-large"} 1');
  });

  it('that breaks off is nobody’s receipt', async () => {
    const { port, published, metrics } = await listening();
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    let counted = '';
    for (let attempt = 0; attempt < 100 && !counted.includes('reason='); attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      counted = await metrics();
    }
    expect(counted).toContain('quittance_receipts_refused_total{source="ali",reason="broken"} 1');
    expect(counted).toContain('quittance_ingress_receipts_in_flight 0');
    expect(published).toEqual([]);
  });
});

describe('503 with Retry-After', () => {
  it.each([
    ['queue-full', new QueueFullError('full'), 503],
    ['kafka-unavailable', new PublishFailedError('no answer'), 503],
    ['unexpected', new TypeError('a defect'), 503],
    ['too-large', new RecordTooLargeError({ topic: 't', valueBytes: 999_999 }, 1_000_001, 1_000_000), 413],
  ])('or 413: %s', async (reason, error, status) => {
    const { app, metrics } = await ingress({ publish: () => Promise.reject(error) });
    const answer = await app.inject({ method: 'POST', url: PATH, payload: 'x' });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([status, status === 503 ? '60' : undefined]);
    expect(await metrics()).toContain(`quittance_receipts_refused_total{source="ali",reason="${reason}"} 1`);
  });

  const hasty = [sourceWith('ali', { tokens: [TOKEN], deadline: 100 })];

  it('at the deadline when Kafka is slow, once, and a late success changes nothing', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { app, metrics } = await ingress({ sources: hasty, publish: () => gate });
    const answer = await app.inject({ method: 'POST', url: PATH, payload: 'x' });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '60']);
    release();
    await new Promise((resolve) => setTimeout(resolve, 10));
    const counted = await metrics();
    expect(counted).toContain('quittance_receipts_refused_total{source="ali",reason="deadline"} 1');
    expect(counted).not.toContain('quittance_receipts_accepted_total{');
  });

  it('at the deadline, counted once, though the producer says the same a moment later', async () => {
    let expire = (): void => undefined;
    const late = new Promise<void>((_resolve, reject) => {
      expire = () => {
        reject(new QueueTimeoutError('not sent in the time allowed'));
      };
    });
    const { app, metrics } = await ingress({ sources: hasty, publish: () => late });
    expect((await app.inject({ method: 'POST', url: PATH, payload: 'x' })).statusCode).toBe(503);
    expire();
    await new Promise((resolve) => setTimeout(resolve, 10));
    const counted = await metrics();
    expect(counted).toContain('quittance_receipts_refused_total{source="ali",reason="deadline"} 1');
    expect(counted).toContain('quittance_receipt_answer_seconds_count 1');
  });

  it('at the deadline while the body still trickles in, and what came is not published', async () => {
    const { port, published } = await listening({ sources: hasty });
    const head = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc`;
    const socket = connect(port, '127.0.0.1');
    const answered = new Promise<string>((resolve) =>
      socket.once('data', (chunk) => {
        resolve(chunk.toString());
      }),
    );
    socket.write(head);
    expect(await answered).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 60/);

    const second = new Promise<string>((resolve) =>
      socket.once('data', (chunk) => {
        resolve(chunk.toString());
      }),
    );
    socket.write(`defghij${head.replace('content-length: 10', 'content-length: 3')}`);
    expect(await second).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
    expect(published.map(({ value }) => value.toString())).toEqual(['abc']);
  });

  it('hands the deadline on, so that nothing is sent that nobody waits for', async () => {
    const deadlines: (number | undefined)[] = [];
    const { app } = await ingress({
      sources: hasty,
      publish: (_record, options) => {
        deadlines.push(options.expiresAt);
        return Promise.resolve();
      },
    });
    const before = performance.now();
    await app.inject({ method: 'POST', url: PATH, payload: 'x' });
    expect(deadlines[0]).toBeGreaterThanOrEqual(before + 100);
    expect(deadlines[0]).toBeLessThanOrEqual(performance.now() + 100);
  });
});

describe('closing', () => {
  it('answers what is in flight, as the last thing on its connection, and waits for no silent one', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { app, port, published } = await listening({ publish: () => gate });
    const silent = connect(port, '127.0.0.1');
    const silentClosed = new Promise((resolve) => silent.once('close', resolve));
    silent.resume();
    const head = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx`;
    const answer = exchange(port, head, /never/);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = app.close();
    while (app.getHttpServer().listening) await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(exchange(port, head, /never/)).rejects.toThrow('ECONNREFUSED');
    release();
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close[^]*"ok"\}$/);
    await closed;
    await silentClosed;
    expect(published).toHaveLength(1);
  });
});

it('no log line holds a token, whatever goes wrong', async () => {
  const { app, log } = await ingress({ publish: () => Promise.reject(new TypeError('a defect')) });
  await app.inject({ method: 'POST', url: PATH, payload: 'x' });
  await app.inject({ method: 'POST', url: PATH, payload: Buffer.alloc(BODY_LIMIT + 1) });
  await app.inject({ method: 'PUT', url: PATH, payload: 'x' });
  await app.close();
  expect(log.join('')).toContain('receipt.refused-unexpectedly');
  expect(log.join('')).not.toContain(TOKEN);
});
