import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Answer } from '#providers';

/** An answer that is always the same, down to the last byte. */
export interface FixedAnswer {
  readonly status: number;
  /** Name, value, name, value: the form that node:http writes fastest. */
  readonly headers: readonly string[];
  /** ASCII. Text, not bytes: node:http then joins head and body into one write instead of gathering two. */
  readonly body: string;
}

function fixed(status: number, contentType: string, body: string, more: readonly string[] = []): FixedAnswer {
  return { status, headers: ['content-type', contentType, 'content-length', String(body.length), ...more], body };
}

/** What the provider takes for "received". */
export function acceptance({ status, contentType, body }: Answer): FixedAnswer {
  return fixed(status, contentType, body);
}

/** To GET and HEAD, with which vendors' consoles see whether an address is alive. */
export const PROBED = fixed(200, 'text/plain', 'ok\n');
/** To everything that nobody is to learn more about: one answer, whatever the reason. */
export const NOT_FOUND = fixed(404, 'text/plain', 'not found\n');
/** A signature that does not hold, whatever is wrong with it. */
export const UNAUTHORISED = fixed(401, 'text/plain', 'unauthorised\n');
export const TOO_LARGE = fixed(413, 'text/plain', 'too large\n');
/** The body ended early or was not what its headers said. */
export const BROKEN = fixed(400, 'text/plain', 'bad request\n');
/** Providers that read Retry-After wait a minute; the others keep to their own plan. */
export const TRY_LATER = fixed(503, 'text/plain', 'try again later\n', ['retry-after', '60']);

/**
 * Bytes of a body that nobody wants that are read all the same, so that its connection serves the next request. More is
 * left unread, and the connection ends with the answer: read off, what is refused takes the time in which the bodies that
 * were let in should arrive, and under a load of large ones none of these is whole before its deadline.
 */
const READ_FOR_NOTHING = 64 * 1024;

/**
 * Gives the answer unless one has been given. Written past Fastify's reply, which would add a charset to the content
 * type and does work that a fixed answer does not need.
 * @param last nothing more is wanted on this connection
 */
export function give(reply: FastifyReply, answer: FixedAnswer, last: boolean): void {
  const response: ServerResponse = reply.raw;
  if (response.headersSent) return;
  reply.hijack();
  if (last || isMuchUnread(reply.request.raw)) response.setHeader('connection', 'close');
  response.writeHead(answer.status, answer.headers as string[]);
  response.end(answer.body, 'latin1');
}

function isMuchUnread({ complete, headers }: IncomingMessage): boolean {
  return (
    !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > READ_FOR_NOTHING)
  );
}
