/** What one client, one address or one source can do to the ingress, and what it cannot. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { testCertificate } from '../../../test/stack/certificate.js';
import { network } from './connection-limit.js';
import { closeIngress, exchange, listening, TOKEN } from './ingress-for-tests.js';
import type { Ingress } from './ingress-for-tests.js';
import { sourceWith } from './source-for-tests.js';

jest.setTimeout(30_000);

const PATH = `/receipts/ali/${TOKEN}`;
const KIB = 1024;
const TLS = { minVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', honorCipherOrder: true } as const;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await closeIngress();
});

/** A connection whose answers are gathered. */
function client(
  port: number,
  localAddress = '127.0.0.1',
): { socket: Socket; answers: () => string; closed: Promise<void> } {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  return { socket, answers: () => text, closed };
}

function head(path: string, ...headers: readonly string[]): string {
  return [`POST ${path} HTTP/1.1`, 'host: x', ...headers, '', ''].join('\r\n');
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 2_000; attempt++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`not so in time: ${what}`);
}

async function gauge({ metrics }: Ingress, name: string): Promise<number> {
  return Number(new RegExp(`^quittance_${name} (\\d+)$`, 'm').exec(await metrics())?.[1]);
}

/** A Kafka that takes nothing until it is told to. */
function closedGate(): { publish: () => Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  return { publish: () => gate, open };
}

const patient = (id: string) => sourceWith(id, { tokens: [TOKEN], deadline: 10_000 });

describe('the memory of bodies', () => {
  it('is spoken for by their heads: what finds no room is refused before a byte of it is sent', async () => {
    const { publish, open } = closedGate();
    const started = await listening({
      publish,
      sources: [patient('ali')],
      limits: { records: 100, bytes: 1024 * KIB },
    });
    const first = client(started.port);
    first.socket.write(head(PATH, `content-length: ${900 * KIB}`));
    await until('it is in', async () => (await gauge(started, 'ingress_intake_bytes')) === 900 * KIB);

    const second = await exchange(started.port, head(PATH, `content-length: ${900 * KIB}`), /later/);
    expect(second).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 60\r\n/);
    expect(await started.metrics()).toContain('receipts_refused_total{source="ali",reason="queue-full"} 1');

    first.socket.write(Buffer.alloc(900 * KIB));
    open();
    await until('it is answered', () => first.answers().includes('"ok"'));
    expect(await gauge(started, 'ingress_intake_bytes')).toBe(0);
    await exchange(started.port, head(PATH, 'content-length: 1') + 'x', /"ok"/);
    expect(started.published.map(({ value }) => value.length)).toEqual([900 * KIB, 1]);
  });

  it('that is refused is read to its end where it is short, and its connection goes on; else the connection ends', async () => {
    const { publish, open } = closedGate();
    const started = await listening({ publish, sources: [patient('ali')], limits: { records: 100, bytes: 100 * KIB } });
    const holder = client(started.port);
    holder.socket.write(head(PATH, `content-length: ${99 * KIB}`));
    await until('it is in', async () => (await gauge(started, 'ingress_intake_bytes')) === 99 * KIB);

    const short = client(started.port);
    short.socket.write(head(PATH, `content-length: ${64 * KIB}`));
    await until('it is refused', () => short.answers().includes('later'));
    short.socket.write(Buffer.alloc(64 * KIB));
    short.socket.write(`GET ${PATH} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await until('it is asked on the same connection', () => short.answers().endsWith('ok\n'));

    const long = client(started.port);
    long.socket.write(head(PATH, `content-length: ${64 * KIB + 1}`));
    await long.closed;
    expect(long.answers()).toMatch(/^HTTP\/1\.1 503 [^]*connection: close\r\n/);
    open();
  });

  it('is counted as it grows where they do not say how long they are, and refused when there is no more', async () => {
    const { publish } = closedGate();
    const started = await listening({ publish, sources: [patient('ali')], limits: { records: 100, bytes: 100 * KIB } });
    const { socket, answers } = client(started.port);
    socket.write(head(PATH, 'transfer-encoding: chunked'));
    // Byte by byte: kept as it comes, each would take hundreds.
    socket.write('1\r\nx\r\n'.repeat(20 * KIB));
    await until('it has grown', async () => (await gauge(started, 'ingress_intake_bytes')) === 32 * KIB);
    socket.write(`${(100 * KIB).toString(16)}\r\n${'y'.repeat(100 * KIB)}\r\n`);
    await until('it is refused', () => answers().startsWith('HTTP/1.1 503 '));
    expect(await gauge(started, 'ingress_intake_bytes')).toBe(0);
    expect(started.published).toEqual([]);
  });

  it('keeps every byte of a body that comes byte by byte', async () => {
    const started = await listening();
    const body = Array.from({ length: 40 * KIB }, (_, at) => String.fromCharCode(97 + (at % 26)));
    const chunks = body.map((byte) => `1\r\n${byte}\r\n`).join('');
    await exchange(started.port, `${head(PATH, 'transfer-encoding: chunked')}${chunks}0\r\n\r\n`, /"ok"/);
    expect(started.published[0]!.value.toString()).toBe(body.join(''));
  });

  it('is free again when a client leaves in the middle, and when its deadline comes in the middle', async () => {
    const hasty = sourceWith('hasty', { tokens: [TOKEN], deadline: 50 });
    const started = await listening({ sources: [patient('ali'), hasty] });
    const leaver = client(started.port);
    leaver.socket.write(`${head(PATH, 'content-length: 5000')}abc`);
    await until('it is in', async () => (await gauge(started, 'ingress_intake_bytes')) === 5_000);
    leaver.socket.destroy();
    await until('it is out', async () => (await gauge(started, 'ingress_intake_bytes')) === 0);

    const { socket, answers } = client(started.port);
    socket.write(`${head(`/receipts/hasty/${TOKEN}`, 'content-length: 5000')}abc`);
    await until('it is answered', () => answers().startsWith('HTTP/1.1 503 '));
    expect(await gauge(started, 'ingress_intake_bytes')).toBe(0);
  });

  it('is held as long as Kafka may still have the body, though the client has been answered', async () => {
    const { publish, open } = closedGate();
    const hasty = sourceWith('ali', { tokens: [TOKEN], deadline: 50 });
    const started = await listening({ publish, sources: [hasty] });
    expect(await exchange(started.port, `${head(PATH, 'content-length: 3')}abc`, /later/)).toMatch(/ 503 /);
    expect(await gauge(started, 'ingress_intake_bytes')).toBe(3);
    open();
    await until('it is out', async () => (await gauge(started, 'ingress_intake_bytes')) === 0);
  });
});

describe('a source that pushes without measure', () => {
  it('is refused at once, and another one is taken', async () => {
    const { publish, open } = closedGate();
    const sources = [patient('noisy'), patient('quiet')];
    const started = await listening({ publish, sources, limits: { records: 40, bytes: 1024 * KIB } });
    const push = (source: string) => {
      const pushed = client(started.port);
      pushed.socket.write(`${head(`/receipts/${source}/${TOKEN}`, 'content-length: 1')}x`);
      return pushed;
    };
    const noisy = Array.from({ length: 60 }, () => push('noisy'));
    const refused = () => noisy.filter(({ answers }) => answers().startsWith('HTTP/1.1 503 ')).length;
    await until('what is over its share is refused', () => refused() === 29);
    expect(await started.metrics()).toContain('receipts_refused_total{source="noisy",reason="over-share"} 29');

    const quiet = Array.from({ length: 2 }, () => push('quiet'));
    await until('the quiet one is in', async () => (await gauge(started, 'ingress_receipts_in_flight')) === 33);
    open();
    await until('all who are in are answered', () => quiet.every(({ answers }) => answers().includes('"ok"')));
    expect(refused()).toBe(29);
  });
});

describe('connections', () => {
  it('of one address leave some for others', async () => {
    const started = await listening({ connections: 8 });
    const own = Array.from({ length: 12 }, () => client(started.port));
    await until('seven stay', async () => /reason="over-share"} 5$/m.test(await started.metrics()));
    expect(await gauge(started, 'ingress_connections')).toBe(7);
    const other = client(started.port, '127.0.0.2');
    other.socket.write(`${head(PATH, 'content-length: 1')}x`);
    await until('the other is served', () => other.answers().includes('"ok"'));
    for (const { socket } of own) socket.destroy();
    await until('only he is left', async () => (await gauge(started, 'ingress_connections')) === 1);
  });

  it('of a proxy of ours are only limited in all', async () => {
    const started = await listening({ connections: 8, trustedProxies: ['127.0.0.1'] });
    for (let number = 0; number < 12; number++) client(started.port);
    await until('eight stay', async () => /reason="full"} 4$/m.test(await started.metrics()));
    expect(await gauge(started, 'ingress_connections')).toBe(8);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
  ])('from %s count for %s', (address, counted) => {
    expect(network(address)).toBe(counted);
  });
});

describe('a client that takes his time', () => {
  const patience = { head: 200, request: 600, idle: 300, silence: 10_000 };

  it.each([
    ['says nothing', ''],
    ['never ends his head', 'POST / HTTP/1.1\r\nx: '],
  ])('and %s is sent away', async (_what, text) => {
    const started = await listening({ patience });
    const { socket, answers, closed } = client(started.port);
    const dripping = setInterval(() => text !== '' && socket.write('y'), 50);
    socket.write(text);
    await closed;
    clearInterval(dripping);
    expect(answers()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('and never ends his body hears 503 at the deadline, then the connection ends', async () => {
    const sources = [sourceWith('ali', { tokens: [TOKEN], deadline: 100 })];
    const started = await listening({ patience, sources });
    const { socket, answers, closed } = client(started.port);
    socket.write(head(PATH, 'transfer-encoding: chunked'));
    const dripping = setInterval(() => socket.write('1\r\nx\r\n'), 20);
    await closed;
    clearInterval(dripping);
    expect(answers()).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 60/);
    expect(await gauge(started, 'ingress_connections')).toBe(0);
  });

  it('and sends a body without end hears 413, then the connection ends', async () => {
    const started = await listening({ patience });
    const { socket, answers, closed } = client(started.port);
    socket.write(head(PATH, 'transfer-encoding: chunked'));
    const piece = `${(64 * KIB).toString(16)}\r\n${'x'.repeat(64 * KIB)}\r\n`;
    const sending = setInterval(() => socket.write(piece), 5);
    await closed;
    clearInterval(sending);
    expect(answers()).toMatch(/^HTTP\/1\.1 413 /);
    expect(await gauge(started, 'ingress_intake_bytes')).toBe(0);
  });

  it('and never shakes hands on TLS is sent away', async () => {
    const { cert, key } = testCertificate('ec');
    const started = await listening({ patience, tls: { ...TLS, cert: Buffer.from(cert), key: Buffer.from(key) } });
    const { closed } = client(started.port);
    await closed;
    await until('it is counted no more', async () => (await gauge(started, 'ingress_connections')) === 0);
  });

  it('over TLS is counted, and counted no more when he has left', async () => {
    const { cert, key } = testCertificate('ec');
    const started = await listening({ tls: { ...TLS, cert: Buffer.from(cert), key: Buffer.from(key) } });
    const socket = connectTls({ port: started.port, host: '127.0.0.1', rejectUnauthorized: false });
    sockets.push(socket);
    const answered = once(socket, 'data');
    socket.write(`${head(PATH, 'content-length: 1')}x`);
    await answered;
    expect(await gauge(started, 'ingress_connections')).toBe(1);
    socket.end();
    await until('it is counted no more', async () => (await gauge(started, 'ingress_connections')) === 0);
  });

  it('between requests is sent away without a word', async () => {
    const started = await listening({ patience });
    const { socket, answers, closed } = client(started.port);
    socket.write(`${head(PATH, 'content-length: 1')}x`);
    await closed;
    expect(answers()).toMatch(/^HTTP\/1\.1 200 [^]*"ok"\}$/);
  });
});
