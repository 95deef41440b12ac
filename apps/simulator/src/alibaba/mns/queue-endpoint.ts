import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { errorXml } from './answers.js';
import type { Authority } from './authorise.js';
import { authenticate } from './authorise.js';
import { MnsError } from './errors.js';
import type { Faults } from './faults.js';
import type { QueueAnswer } from './operations.js';
import { perform } from './operations.js';
import type { Queues } from './queues.js';
import { one } from './signature.js';
import { readTarget } from './target.js';

/** What the queue endpoint works with. */
export interface QueueEndpoint {
  readonly queues: Queues;
  readonly faults: Faults;
  readonly authority: Authority;
}

const VERSION = '2015-06-06';
const CONTENT_TYPE = 'text/xml;charset=utf-8';
/** More than 16 messages of the largest size. */
const LARGEST_BODY = 2 * 1024 * 1024;
/** A fault: no answer. */
const DROPPED = Symbol('dropped');

/** Serves the vendor's queues under `/queues`, with the bodies and errors of MNS 2015-06-06. */
export function serveQueues(fastify: FastifyInstance, endpoint: QueueEndpoint): void {
  // Whatever a client calls its XML.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  const handle = (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => serve(request, reply, endpoint);
  for (const path of ['/queues', '/queues/*']) fastify.all(path, { bodyLimit: LARGEST_BODY }, handle);
}

async function serve(request: FastifyRequest, reply: FastifyReply, endpoint: QueueEndpoint): Promise<unknown> {
  const requestId = randomBytes(12).toString('hex').toUpperCase();
  const origin = `http://${one(request.headers.host)}`;
  const answer = await answerTo(request, reply, origin, endpoint).catch((error: unknown): QueueAnswer => {
    const known = error instanceof MnsError ? error : new MnsError('InternalError');
    return { status: known.status, xml: errorXml(known, requestId, origin) };
  });
  const { slowMs } = endpoint.faults.settings;
  if (slowMs > 0) {
    endpoint.faults.count('slowMs');
    await delay(slowMs);
  }
  if (answer === DROPPED) {
    reply.hijack();
    request.raw.socket.destroy();
    return;
  }
  void reply.code(answer.status).header('x-mns-request-id', requestId).header('x-mns-version', VERSION);
  if (answer.location !== undefined) void reply.header('location', answer.location);
  return answer.xml === null ? reply.send() : reply.header('content-type', CONTENT_TYPE).send(answer.xml);
}

/** @throws MnsError */
async function answerTo(
  request: FastifyRequest,
  reply: FastifyReply,
  origin: string,
  { queues, faults, authority }: QueueEndpoint,
): Promise<QueueAnswer | typeof DROPPED> {
  const { method, headers } = request;
  const rawTarget = request.raw.url ?? '';
  const target = readTarget(rawTarget);
  const caller = authenticate({ method, headers, target: rawTarget }, authority);
  if (faults.strikes('dropShare')) return DROPPED;
  if (faults.strikes('errorShare')) throw new MnsError('InternalError');
  if (faults.strikes('throttleShare')) throw new MnsError('QpsLimitExceeded');
  const answer = await perform(
    {
      method,
      target,
      caller,
      origin,
      header: (name) => one(headers[name]),
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      client: goneSignal(request, reply),
    },
    queues,
  );
  return (answer.received ?? 0) > 0 && faults.strikes('dropAfterReceiveShare') ? DROPPED : answer;
}

/** Aborted when the connection ends before the answer: a message that was taken for it would be hidden for nothing. */
function goneSignal(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (request.raw.socket.destroyed) gone.abort();
  else {
    reply.raw.once('close', () => {
      gone.abort();
    });
  }
  return gone.signal;
}
