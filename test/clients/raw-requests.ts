import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { KEY } from './simulator-process.js';

/** What is sent by hand. */
export interface RawRequest {
  readonly method: string;
  /** As it stands in the first line. */
  readonly target: string;
  /** What is signed, if it is not the target. */
  readonly signedTarget?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The bytes of a signed request to a queue. Written without the simulator's own signing. */
export function requestBytes(
  host: string,
  { method, target, signedTarget, headers = {}, body = '' }: RawRequest,
): Buffer {
  const date = new Date().toUTCString();
  const content = Buffer.from(body);
  const all: Record<string, string> = { date, 'x-mns-version': '2015-06-06', ...headers };
  const own = Object.keys(all)
    .filter((name) => name.startsWith('x-mns-'))
    .sort()
    .map((name) => `${name}:${all[name]}\n`)
    .join('');
  const type = all['content-type'] ?? '';
  const text = `${method}\n${all['content-md5'] ?? ''}\n${type}\n${all.date}\n${own}${signedTarget ?? target}`;
  const signature = createHmac('sha1', KEY.accessKeySecret).update(text).digest('base64');
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `host: ${host}`,
    `authorization: MNS ${KEY.accessKeyId}:${signature}`,
    ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
    ...(content.length > 0 ? [`content-length: ${content.length}`] : []),
    'connection: close',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content]);
}

/** An answer, as it came. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes and reads to the end; null when the connection ends without an answer. */
export function exchange(host: string, bytes: Buffer): Promise<RawAnswer | null> {
  const [address = '', port = ''] = host.split(':');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), address, () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      resolve(chunks.length === 0 ? null : parse(Buffer.concat(chunks).toString('utf8')));
    });
  });
}

function parse(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), body: text.slice(end + 4) };
}
