import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RECEIPT_HEADERS } from '#contracts';
import type { OutgoingRecord, PublishOptions } from '#kafka';
import { PublishFailedError, QueueFullError, QueueTimeoutError, RecordTooLargeError } from '#kafka';
import { describeError, traceFields } from '#runtime';
import type { Logger } from '#runtime';
import type { Tracing } from '#tracing';
import { BROKEN, give, NOT_FOUND, PROBED, TOO_LARGE, TRY_LATER, UNAUTHORISED } from './answers.js';
import type { FixedAnswer } from './answers.js';
import { Deadlines } from './deadlines.js';
import type { Door, Doors } from './doors.js';
import type { Shortage } from './fair-share.js';
import type { IngressMetrics, Refusal } from './ingress-metrics.js';
import type { IntakeRoom, Stay } from './intake-room.js';
import { signatureResult } from './push-check.js';
import type { PushCheck } from './push-check.js';
import { BODY_LIMIT, BodyRefusedError, readBody, ReceiptBody } from './receipt-body.js';
import { isSampled } from './receipt-id.js';
import { receiptRecord } from './receipt-record.js';
import type { RecordTemplate } from './receipt-record.js';
import { ReceiptTrace } from './receipt-trace.js';
import type { RefusalLog } from './refusal-log.js';
import { SpoolRefusal } from './spool/spool-terms.js';

/** Resolves when the record is durable: all in-sync replicas have it, or the spool. */
export type Publish = (record: OutgoingRecord, options: PublishOptions) => Promise<void>;

/** What the route works with. */
export interface RouteParts {
  readonly publish: Publish;
  /** Told of each receipt that is acknowledged. */
  readonly onAccepted: (record: OutgoingRecord) => void;
  /** The memory that receipts may take. */
  readonly room: IntakeRoom;
  readonly logger: Logger;
  /** Share of accepted receipts that have a line, 0 to 1. */
  readonly logSample: number;
  readonly refusals: RefusalLog;
  /** Pushes whose signature does not hold and that are taken all the same. */
  readonly unverified: RefusalLog;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
}

/** A receipt on its way in. */
interface Incoming {
  readonly door: Door;
  readonly reply: FastifyReply;
  readonly arrivedAt: number;
  readonly dueAt: number;
  readonly contentType: string | undefined;
  readonly stay: Stay;
  readonly body: ReceiptBody;
  /** Null until whoever publishes has it; from then on its memory is taken until he is done, answered or not. */
  record: OutgoingRecord | null;
  /** When he was given it, `performance.now()` milliseconds. */
  handedOverAt: number;
  /** Null: it is not traced, or not yet. */
  trace: ReceiptTrace | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once somebody has been let in with a receipt. */
    incoming: Incoming | null;
  }
}

interface ReceiptPath {
  Params: { readonly sourceId: string; readonly token?: string };
}

/**
 * The hot route. In the order of a receipt: is he who knocks let in (before a byte of the body is read), the body as
 * untouched bytes, the record, and the provider's answer once it is durable. Never an answer later than the deadline.
 */
export class ReceiptRoute {
  readonly #deadlines: Deadlines<Incoming>;
  readonly #logsEach: boolean;
  #doors: Doors;
  #metrics: IngressMetrics | null = null;
  #draining = false;

  constructor(
    doors: Doors,
    private readonly parts: RouteParts,
  ) {
    this.#doors = doors;
    this.#deadlines = new Deadlines((incoming) => {
      this.#answerNo(incoming, 'deadline', TRY_LATER);
    });
    this.#logsEach = parts.logger.isLevelEnabled('debug');
  }

  /** Receipts that are let in and not answered. */
  get inFlight(): number {
    return this.#deadlines.size;
  }

  /** Lets in by these from now on. What is in already goes on by the door that it came through. */
  useDoors(doors: Doors): void {
    this.#doors = doors;
  }

  /** Counts from now on. */
  useMetrics(metrics: IngressMetrics): void {
    this.#metrics = metrics;
  }

  /** From now on every answer is the last one of its connection. */
  drain(): void {
    this.#draining = true;
  }

  stop(): void {
    this.#deadlines.stop();
  }

  /** Registers the route; the instance must have no other parser for bodies. */
  register(server: FastifyInstance): void {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', ({ incoming }, payload, done) => {
      if (incoming === null) done(null);
      else readBody(payload, incoming.body, done);
    });
    server.decorateRequest('incoming', null);
    server.setNotFoundHandler((_request, reply) => {
      give(reply, NOT_FOUND, this.#draining);
    });
    // What no route matches is answered before Fastify reads a body for it.
    server.addHook('onRequest', (request, reply, done) => {
      if (request.is404) give(reply, NOT_FOUND, this.#draining);
      else done();
    });
    for (const url of ['/receipts/:sourceId', '/receipts/:sourceId/:token']) {
      server.route<ReceiptPath>({
        method: ['POST', 'GET', 'HEAD'],
        url,
        onRequest: (request, reply, done) => {
          if (this.#letIn(request, reply)) done();
        },
        handler: (request) => {
          this.#take(request);
        },
        errorHandler: (error, request, reply) => {
          this.#fail(error, request, reply);
        },
      });
    }
  }

  #letIn(request: FastifyRequest<ReceiptPath>, reply: FastifyReply): boolean {
    const arrivedAt = performance.now();
    const { sourceId, token } = request.params;
    const door = this.#doors.enter(sourceId, token, request.ip);
    if (typeof door === 'string') {
      const name = this.#doors.countedAs(sourceId);
      this.#metrics?.refused(name, door);
      this.parts.refusals.add(name, door);
      give(reply, NOT_FOUND, this.#draining);
      return false;
    }
    if (request.method !== 'POST') {
      give(reply, PROBED, this.#draining);
      return false;
    }
    const { headers } = request.raw;
    const declared = declaredLength(headers);
    if (declared === undefined) return this.#turnAway(door, reply, 'broken');
    if (declared !== null && declared > BODY_LIMIT) return this.#turnAway(door, reply, 'too-large');
    const stay = this.parts.room.enter(door.id, declared ?? 0);
    if (typeof stay === 'string') return this.#turnAway(door, reply, stay);
    const incoming = {
      door,
      reply,
      arrivedAt,
      dueAt: arrivedAt + door.deadline,
      contentType: headers['content-type'],
      stay,
      body: new ReceiptBody(declared, stay),
      record: null,
      handedOverAt: 0,
      trace: null,
    };
    request.incoming = incoming;
    this.#deadlines.add(incoming, door.deadline);
    // Fastify refuses a content type that it cannot parse. The type is the provider's business: it travels as it came.
    headers['content-type'] = undefined;
    return true;
  }

  /** He may come in, but not with this, or not now. He hears it before a byte of the body is read. */
  #turnAway(door: Door, reply: FastifyReply, reason: Shortage | 'too-large' | 'broken'): false {
    const [refusal, answer]: [Refusal, FixedAnswer] = reason === 'broken' ? [reason, BROKEN] : refusalOfBody(reason);
    give(reply, answer, this.#draining || reason === 'broken');
    this.#metrics?.refused(door.id, refusal);
    this.parts.refusals.add(door.id, refusal);
    return false;
  }

  #take(request: FastifyRequest): void {
    const { incoming } = request;
    // Whoever was answered at his deadline has sent the rest for nothing.
    if (incoming === null || incoming.reply.raw.headersSent) return;
    const { door, stay } = incoming;
    const body = incoming.body.bytes;
    const template = door.push === null ? door.record : this.#verify(door.push, request, incoming, body);
    if (template === null) return;
    const untraced = receiptRecord(
      template,
      {
        contentType: incoming.contentType,
        contentEncoding: request.raw.headers['content-encoding'],
        remoteAddress: request.ip,
      },
      body,
    );
    const trace = ReceiptTrace.ofPush(this.parts.tracing, untraced, {
      arrivedAt: incoming.arrivedAt,
      traceparent: request.raw.headers.traceparent,
      bytes: body.length,
    });
    const record = trace?.record ?? untraced;
    incoming.trace = trace;
    incoming.record = record;
    incoming.handedOverAt = performance.now();
    this.parts.publish(record, { expiresAt: incoming.dueAt, line: door.id }).then(
      () => {
        stay.leave();
        trace?.sent();
        this.#accept(incoming, record, body.length);
      },
      (error: unknown) => {
        stay.leave();
        trace?.sent(refusalOf(error));
        this.#refuse(incoming, refusalOf(error), error instanceof RecordTooLargeError ? TOO_LARGE : TRY_LATER, error);
      },
    );
  }

  /** What the record begins with, or null if the push was refused. */
  #verify(push: PushCheck, { raw }: FastifyRequest, incoming: Incoming, body: Buffer): RecordTemplate | null {
    const { door } = incoming;
    const verified = push.verify({ method: raw.method ?? '', target: raw.url ?? '', headers: raw.rawHeaders, body });
    this.#metrics?.signature(door.id, signatureResult(verified));
    if (typeof verified !== 'string') return push.recordOf(verified);
    if (push.enforced) {
      this.#refuse(incoming, verified, UNAUTHORISED);
      return null;
    }
    this.parts.unverified.add(door.id, verified);
    return door.record;
  }

  #accept(incoming: Incoming, record: OutgoingRecord, bytes: number): void {
    const { door, reply, arrivedAt } = incoming;
    // Past its deadline it was answered 503: the provider will send it again, and the two become one further on.
    if (!this.#deadlines.remove(incoming, door.deadline)) return;
    give(reply, door.answer, this.#draining);
    incoming.trace?.answered(door.answer.status);
    this.parts.onAccepted(record);
    const milliseconds = performance.now() - arrivedAt;
    this.#metrics?.accepted(door.id, bytes, milliseconds);
    if (this.#logsEach || isSampled(receiptIdOf(record), this.parts.logSample)) {
      this.#logAccepted(incoming, record, bytes, milliseconds);
    }
  }

  #logAccepted({ door, handedOverAt }: Incoming, record: OutgoingRecord, bytes: number, milliseconds: number): void {
    const fields = {
      receiptId: receiptIdOf(record),
      ...traceFields(record.headers.traceparent),
      source: door.id,
      bytes,
      authenticatedBy: record.headers[RECEIPT_HEADERS.authenticatedBy],
      ms: Math.round(milliseconds),
      publishMs: Math.round(performance.now() - handedOverAt),
    };
    this.parts.logger[this.#logsEach ? 'debug' : 'info'](fields, 'receipt.accepted');
  }

  /** Unless he was answered at his deadline: the producer may say a moment later what the clock has said. */
  #refuse(incoming: Incoming, reason: Refusal, answer: FixedAnswer, error?: unknown): void {
    if (this.#deadlines.remove(incoming, incoming.door.deadline)) this.#answerNo(incoming, reason, answer, error);
  }

  #answerNo(incoming: Incoming, reason: Refusal, answer: FixedAnswer, error?: unknown): void {
    const { door, reply, arrivedAt } = incoming;
    if (incoming.record === null) {
      incoming.body.drop();
      incoming.stay.leave();
    }
    give(reply, answer, this.#draining);
    incoming.trace?.answered(answer.status, reason);
    this.#metrics?.refused(door.id, reason);
    this.#metrics?.waited(performance.now() - arrivedAt);
    const receiptId = incoming.record === null ? undefined : receiptIdOf(incoming.record);
    this.parts.refusals.add(door.id, reason, receiptId);
    if (reason === 'unexpected') {
      this.parts.logger.error(
        { receiptId, source: door.id, err: describeError(error) },
        'receipt.refused-unexpectedly',
      );
    }
  }

  /** The body could not be read. */
  #fail(error: Error & { readonly code?: string }, request: FastifyRequest, reply: FastifyReply): void {
    const { incoming } = request;
    const [reason, answer] = failureOf(error);
    if (incoming === null) give(reply, answer, this.#draining);
    else this.#refuse(incoming, reason, answer, error);
  }
}

function receiptIdOf({ headers }: OutgoingRecord): string {
  return headers[RECEIPT_HEADERS.receiptId] as string;
}

/**
 * Bytes that the body says it has; null: it comes in chunks, until it ends. Undefined where it is coded in yet another
 * way, which only a proxy in front might understand, and then otherwise than the server did.
 */
function declaredLength(headers: IncomingHttpHeaders): number | null | undefined {
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return Number(headers['content-length'] ?? 0);
  return coding.toLowerCase() === 'chunked' ? null : undefined;
}

function refusalOfBody(reason: Shortage | 'too-large'): [Refusal, FixedAnswer] {
  if (reason === 'too-large') return ['too-large', TOO_LARGE];
  return [reason === 'full' ? 'queue-full' : reason, TRY_LATER];
}

function failureOf(error: { readonly code?: string; readonly statusCode?: number }): [Refusal, FixedAnswer] {
  if (error instanceof BodyRefusedError) return refusalOfBody(error.reason);
  // The connection ended before the body did, or the request is not what its head said.
  const isBroken = error.code === 'ECONNRESET' || (error.statusCode !== undefined && error.statusCode < 500);
  return isBroken ? ['broken', BROKEN] : ['unexpected', TRY_LATER];
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof RecordTooLargeError) return 'too-large';
  if (error instanceof SpoolRefusal) return `spool-${error.problem}`;
  if (error instanceof QueueFullError) return 'queue-full';
  if (error instanceof QueueTimeoutError) return 'deadline';
  return error instanceof PublishFailedError ? 'kafka-unavailable' : 'unexpected';
}
