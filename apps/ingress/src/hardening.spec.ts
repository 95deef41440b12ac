/**
 * What requests get that no client sends who means well. Each is followed by a well-formed one on the same connection:
 * whatever is read as more, or less, than the one request that it is, would swallow that one or make two of it.
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import { closeIngress, exchange, listening, TOKEN } from './ingress-for-tests.js';

afterEach(closeIngress);

const PATH = `/receipts/ali/${TOKEN}`;
const HEAD = `POST ${PATH} HTTP/1.1\r\nhost: x\r\n`;
const ONE = 'content-length: 1\r\n\r\nx';
const CHUNKED = 'transfer-encoding: chunked\r\n';
const NEXT = `${HEAD}connection: close\r\ncontent-length: 4\r\n\r\nnext`;
const to = (path: string) => `POST ${path} HTTP/1.1\r\nhost: x\r\n${ONE}`;

/** What, the request, the statuses that are answered, the bodies that are taken. */
type Row = readonly [what: string, request: string, statuses: readonly number[], taken: readonly string[]];

async function expectAnswers([what, request, statuses, taken]: Row): Promise<void> {
  const { port, published } = await listening({
    patience: { head: 300, request: 600, idle: 300, silence: 2_000 },
  });
  const text = await exchange(port, request + NEXT, /never/);
  const answered = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  expect({ what, answered, taken: published.map(({ value }) => value.toString()) }).toEqual({
    what,
    answered: statuses,
    taken,
  });
}

describe('a request whose length can be read in two ways ends the connection', () => {
  const rows: readonly Row[] = [
    ['length and chunks', `${HEAD}content-length: 4\r\n${CHUNKED}\r\n0\r\n\r\n`, [400], []],
    ['chunks and length', `${HEAD}${CHUNKED}content-length: 40\r\n\r\n0\r\n\r\n`, [400], []],
    ['two lengths', `${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\nx`, [400], []],
    ['the same length twice', `${HEAD}content-length: 1\r\n${ONE}`, [400], []],
    ['a list of lengths', `${HEAD}content-length: 1, 1\r\n\r\nx`, [400], []],
    ['a signed length', `${HEAD}content-length: +1\r\n\r\nx`, [400], []],
    ['a negative length', `${HEAD}content-length: -1\r\n\r\nx`, [400], []],
    ['a hexadecimal length', `${HEAD}content-length: 0x1\r\n\r\nx`, [400], []],
    ['a length beyond all numbers', `${HEAD}content-length: ${'9'.repeat(30)}\r\n\r\nx`, [400], []],
    ['another coding after chunked', `${HEAD}transfer-encoding: chunked, x\r\n\r\n0\r\n\r\n`, [400], []],
    ['something like chunked', `${HEAD}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`, [400, 400], []],
    ['identity', `${HEAD}transfer-encoding: identity\r\n\r\n`, [400, 400], []],
    ['chunked twice', `${HEAD}${CHUNKED}${CHUNKED}\r\n0\r\n\r\n`, [400], []],
    ['a space before the colon', `${HEAD}transfer-encoding : chunked\r\n\r\n0\r\n\r\n`, [400], []],
    ['a chunk of no size', `${HEAD}${CHUNKED}\r\nxyz\r\nx\r\n0\r\n\r\n`, [400], []],
    ['a chunk of a negative size', `${HEAD}${CHUNKED}\r\n-1\r\nx\r\n0\r\n\r\n`, [400], []],
    ['a chunk beyond all numbers', `${HEAD}${CHUNKED}\r\n${'f'.repeat(17)}\r\nx`, [400], []],
    ['chunks that end in a bare LF', `${HEAD}${CHUNKED}\r\n1\nx\n0\n\n`, [400], []],
  ];
  it.each(rows.map((row) => ({ what: row[0], row })))('$what', ({ row }) => expectAnswers(row));
});

describe('a head that is no proper head ends the connection', () => {
  const rows: readonly Row[] = [
    ['lines that end in a bare LF', `POST ${PATH} HTTP/1.1\nhost: x\ncontent-length: 1\n\nx`, [400], []],
    ['one such line', `${HEAD}y: z\nz: y\r\n${ONE}`, [400], []],
    ['a bare CR in a value', `${HEAD}y: a\rb\r\n${ONE}`, [400], []],
    ['a value over two lines', `${HEAD}y: a\r\n b\r\n${ONE}`, [400], []],
    ['NUL in a value', `${HEAD}y: a\0b\r\n${ONE}`, [400], []],
    ['a space in a name', `${HEAD}y z: b\r\n${ONE}`, [400], []],
    ['a header of 20 KB', `${HEAD}y: ${'z'.repeat(20_000)}\r\n${ONE}`, [431], []],
    ['an address of 20 KB', to(`/${'z'.repeat(20_000)}`), [431], []],
    ['trailers of 30 KB', `${HEAD}${CHUNKED}\r\n1\r\nx\r\n0\r\n${'y: zzzzzz\r\n'.repeat(3_000)}\r\n`, [431], []],
    ['an extension of a chunk of 20 KB', `${HEAD}${CHUNKED}\r\n1;${'y'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`, [400], []],
    ['a method that there is not', `FROB ${PATH} HTTP/1.1\r\nhost: x\r\n\r\n`, [400], []],
    ['a method in small letters', `post ${PATH} HTTP/1.1\r\nhost: x\r\n${ONE}`, [400], []],
    ['HTTP/1.2', `POST ${PATH} HTTP/1.2\r\nhost: x\r\n${ONE}`, [400], []],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400], []],
    ['letters beyond ASCII in the address', to(PATH.replace('token', 'tökén')), [400], []],
    ['CONNECT to elsewhere', 'CONNECT x:443 HTTP/1.1\r\nhost: x\r\n\r\n', [], []],
    ['CONNECT to a receipt', `CONNECT ${PATH} HTTP/1.1\r\nhost: x\r\n\r\n`, [], []],
    // What follows these is not read; a client that wanted to change the protocol speaks none that we know.
    ['an upgrade to a web socket', `${HEAD}connection: upgrade\r\nupgrade: websocket\r\n${ONE}`, [200], ['x']],
    [
      'an upgrade to HTTP/2',
      `${HEAD}connection: upgrade\r\nupgrade: h2c\r\nhttp2-settings: AA\r\n${ONE}`,
      [200],
      ['x'],
    ],
  ];
  it.each(rows.map((row) => ({ what: row[0], row })))('$what', ({ row }) => expectAnswers(row));
});

describe('an address that is not exactly ours is nobody’s', () => {
  const rows: readonly Row[] = [
    ['an encoded slash', to(PATH.replace('ali/', 'ali%2f')), [404, 200], ['next']],
    ['up and down again', to(`/x/..${PATH}`), [404, 200], ['next']],
    ['the same encoded', to(`/x/%2e%2e${PATH}`), [404, 200], ['next']],
    ['two slashes', to(`/${PATH}`), [404, 200], ['next']],
    ['a slash at the end', to(`${PATH}/`), [404, 200], ['next']],
    ['NUL at the end of the token', to(`${PATH}%00`), [404, 200], ['next']],
    ['a parameter', to(`${PATH};x`), [404, 200], ['next']],
    ['another case', to(PATH.replace('receipts', 'Receipts')), [404, 200], ['next']],
    ['another case of the source', to(PATH.replace('/ali/', '/ALI/')), [404, 200], ['next']],
    ['another case of the token', to(PATH.replace('token', 'Token')), [404, 200], ['next']],
    ['UTF-8 that is longer than it needs be', to(PATH.replace('token', '%c1%b4oken')), [404, 200], ['next']],
    ['a letter encoded twice', to(PATH.replace('token', '%2574oken')), [404, 200], ['next']],
    ['a source called like a part of all objects', to(`/receipts/__proto__/${TOKEN}`), [404, 200], ['next']],
    [
      'another method that says it is POST',
      `PUT ${PATH} HTTP/1.1\r\nhost: x\r\nx-http-method-override: POST\r\n${ONE}`,
      [404, 200],
      ['next'],
    ],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n', [404, 200], ['next']],
    ['TRACE', `TRACE ${PATH} HTTP/1.1\r\nhost: x\r\n\r\n`, [404, 200], ['next']],
  ];
  it.each(rows.map((row) => ({ what: row[0], row })))('$what', ({ row }) => expectAnswers(row));
});

describe('what HTTP allows is taken, as the one request that it is', () => {
  const rows: readonly Row[] = [
    ['letters that need no encoding, encoded', to(PATH.replace('token', '%74oken')), [200, 200], ['x', 'next']],
    ['a query', to(`${PATH}?a=b`), [200, 200], ['x', 'next']],
    ['the whole address, wherever it says to be', to(`http://elsewhere${PATH}`), [200, 200], ['x', 'next']],
    ['several at once', `${HEAD}${ONE}${HEAD}${ONE}`, [200, 200, 200], ['x', 'x', 'next']],
    [
      'a tab before a value',
      `${HEAD}transfer-encoding:\tchunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
      [200, 200],
      ['x', 'next'],
    ],
    ['an extension of a chunk', `${HEAD}${CHUNKED}\r\n1;a=b\r\nx\r\n0\r\n\r\n`, [200, 200], ['x', 'next']],
    ['who waits to be asked for the body', `${HEAD}expect: 100-continue\r\n${ONE}`, [100, 200, 200], ['x', 'next']],
    ['who expects something else', `${HEAD}expect: 200-ok\r\n${ONE}`, [417, 200], ['next']],
    ['a body with GET, which is only a probe', `GET ${PATH} HTTP/1.1\r\nhost: x\r\n${ONE}`, [200, 200], ['next']],
  ];
  it.each(rows.map((row) => ({ what: row[0], row })))('$what', ({ row }) => expectAnswers(row));

  it('of HTTP/1.0 as well, but one on a connection', async () => {
    const { port, published } = await listening();
    const answer = await exchange(port, `POST ${PATH} HTTP/1.0\r\n${ONE}`, /never/);
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*"ok"\}$/i);
    expect(published).toHaveLength(1);
  });

  it('but not coded in yet another way, in which a proxy in front might find another end', async () => {
    const { port, published } = await listening();
    const coded = `${HEAD}transfer-encoding: x, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`;
    expect(await exchange(port, coded, /never/)).toMatch(/^HTTP\/1\.1 400 [^]*connection: close/);
    expect(published).toEqual([]);
  });

  it('with thousands of short headers, none of which is forgotten', async () => {
    const { port, published } = await listening();
    const last = 'content-type: text/plain\r\n';
    expect(await exchange(port, `${HEAD}${'a:\r\n'.repeat(2_500)}${last}${ONE}`, /"ok"/)).toMatch(/^HTTP\/1\.1 200 /);
    expect(published[0]!.headers['content-type']).toBe('text/plain');
  });

  it('but what a trailer says does not become a header', async () => {
    const { port, published } = await listening();
    await exchange(port, `${HEAD}${CHUNKED}\r\n1\r\nx\r\n0\r\ncontent-encoding: gzip\r\n\r\n`, /"ok"/);
    expect(published[0]!.headers['content-encoding']).toBeUndefined();
  });
});

it('the management port is not behind the public door, and nothing of a request is ever in an answer', async () => {
  const { port } = await listening();
  for (const path of [
    '/metrics',
    '/health/live',
    '/health/ready',
    '//metrics',
    '/receipts/../metrics',
    '/%6detrics',
    '/<b>',
  ]) {
    const text = await exchange(port, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, /never/);
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
    expect(text.split('\r\n\r\n')[1]).toBe('not found\n');
  }
});
