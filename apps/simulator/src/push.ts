import http from 'node:http';
import https from 'node:https';

/** What became of one attempt: the status of the answer, or that there was none. */
export type PushOutcome = number | 'timeout' | 'unreachable' | 'no-answer-code';

/** Sends bodies to callback addresses, over connections that stay open. */
export interface Pusher {
  push(url: string, body: string): Promise<PushOutcome>;
  close(): void;
}

/** The vendor's limit for the whole answer, in ms: "700 ms" in "Configure delivery receipts". */
export const ANSWER_LIMIT = 700;

/** Connections at once. More pushes wait for one, and their time runs. */
export const CONNECTIONS = 256;

/** Whether the vendor takes an attempt for delivered: 200 and a JSON body whose `code` is a number, whichever. */
export function isAccepted(outcome: PushOutcome): boolean {
  return outcome === 200;
}

/** A pusher that behaves like the vendor's HTTP batch push. */
export function createPusher(limit = ANSWER_LIMIT): Pusher {
  const options = { keepAlive: true, maxSockets: CONNECTIONS, scheduling: 'lifo' } as const;
  const plain = new http.Agent(options);
  const secure = new https.Agent(options);
  return {
    push: (url, body) => {
      const isSecure = url.startsWith('https:');
      return pushOnce(isSecure ? https.request : http.request, isSecure ? secure : plain, url, body, limit);
    },
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

function pushOnce(
  request: typeof http.request,
  agent: http.Agent,
  url: string,
  body: string,
  limit: number,
): Promise<PushOutcome> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body, 'utf8');
    const headers = { 'content-type': 'application/json;charset=utf-8', 'content-length': bytes.length };
    const attempt = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        finish(judge(response.statusCode ?? 0, Buffer.concat(chunks)));
      });
      response.once('error', () => {
        finish('unreachable');
      });
    });
    const timer = setTimeout(() => {
      finish('timeout');
      attempt.destroy();
    }, limit);
    const finish = (outcome: PushOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    attempt.once('error', () => {
      finish('unreachable');
    });
    attempt.end(bytes);
  });
}

function judge(status: number, body: Buffer): PushOutcome {
  if (status !== 200) return status;
  try {
    const answer = JSON.parse(body.toString('utf8')) as { code?: unknown } | null;
    return typeof answer?.code === 'number' ? 200 : 'no-answer-code';
  } catch {
    return 'no-answer-code';
  }
}
