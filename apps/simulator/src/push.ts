import http from 'node:http';
import https from 'node:https';
import type { Destination } from './destinations.js';

/** What became of one attempt: the status of the answer, that its body was not what the vendor wants, or none came. */
export type PushOutcome = number | 'timeout' | 'unreachable' | 'wrong-answer';

/** Sends bodies to callback addresses. */
export interface Pusher {
  push(destination: Destination, body: string): Promise<PushOutcome>;
  close(): void;
}

/** Connections at once. More pushes wait for one, and their time runs. */
export const CONNECTIONS = 256;

/** Whether an attempt counts as delivered. */
export function isAccepted(outcome: PushOutcome): boolean {
  return outcome === 200;
}

/**
 * A pusher whose connections stay open where the vendor's do.
 * @param patience how many times longer than in life a vendor waits for an answer
 */
export function createPusher(patience: number): Pusher {
  const options = { keepAlive: true, maxSockets: CONNECTIONS, scheduling: 'lifo' } as const;
  const plain = new http.Agent(options);
  const secure = new https.Agent(options);
  return {
    push: (destination, body) => {
      const isSecure = destination.url.startsWith('https:');
      const agent = destination.dialect.keepsConnections ? (isSecure ? secure : plain) : false;
      return pushOnce(isSecure ? https.request : http.request, agent, destination, body, patience);
    },
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

function pushOnce(
  request: typeof http.request,
  agent: http.Agent | false,
  destination: Destination,
  text: string,
  patience: number,
): Promise<PushOutcome> {
  return new Promise((resolve) => {
    const { dialect } = destination;
    const body = Buffer.from(text, 'utf8');
    const headers = headersOf(destination, body);
    const attempt = request(destination.url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const status = response.statusCode ?? 0;
        const isTaken = status !== 200 || dialect.accepts(Buffer.concat(chunks).toString('utf8'));
        finish(isTaken ? status : 'wrong-answer');
      });
      response.once('error', () => {
        finish('unreachable');
      });
    });
    const timer = setTimeout(() => {
      finish('timeout');
      attempt.destroy();
    }, dialect.limit * patience);
    const finish = (outcome: PushOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    attempt.once('error', () => {
      finish('unreachable');
    });
    attempt.end(body);
  });
}

function headersOf({ url, dialect, sign }: Destination, body: Buffer): Record<string, string> {
  const { host, pathname, search } = new URL(url);
  const headers: Record<string, string> = {
    host,
    connection: dialect.keepsConnections ? 'keep-alive' : 'close',
    'content-type': dialect.contentType,
    'content-length': String(body.length),
  };
  return sign === null
    ? headers
    : { ...headers, ...sign({ method: 'POST', target: pathname + search, headers, body }) };
}
