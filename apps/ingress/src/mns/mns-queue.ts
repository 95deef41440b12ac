import http from 'node:http';
import https from 'node:https';
import MnsClient from '@alicloud/mns';
import type { ClientOptions, RequestOptions, Response } from '@alicloud/mns';
import { isRefused, QueueError, queueError } from './queue-error.js';
import type { CredentialSource, QueueCredentials } from './queue-tokens.js';

/** A message that a queue has handed out. Others do not get it until its visibility timeout has passed. */
export interface QueueMessage {
  readonly messageId: string;
  /** With which it is deleted; dead once the message is visible again. */
  readonly receiptHandle: string;
  /** As the queue holds it, Base64 or not. */
  readonly body: string;
  /** Unix ms; null where the queue does not say. */
  readonly enqueuedAt: number | null;
  /** How often it has been handed out, this time included. */
  readonly dequeueCount: number;
}

/** What one request brought. */
export interface ReceivedMessages {
  readonly messages: readonly QueueMessage[];
  /** Messages without a body or a handle that can be read: nothing can be done with them. */
  readonly unreadable: number;
  /** How long, ms, nobody else gets them, counted from the answer; of several the shortest. */
  readonly visibility: number;
}

/** How a queue is reached. */
export interface MnsQueueOptions {
  /** Address without a trailing slash. */
  readonly endpoint: string;
  readonly queue: string;
  readonly credentials: CredentialSource;
  /** Most requests at once. */
  readonly connections: number;
  /** Calls off receiving. */
  readonly signal: AbortSignal;
  /** Until an answer is there, ms, beyond the time that a long poll waits. Default 10 s. */
  readonly answerTimeout?: number;
}

const NOTHING: ReceivedMessages = { messages: [], unreadable: 0, visibility: 0 };
/** The most messages of one request, to receive and to delete. */
export const LARGEST_BATCH = 16;
const ANSWER_TIMEOUT = 10_000;
/** What queues have unless told otherwise, and so Alibaba's, ms. */
const USUAL_VISIBILITY = 30_000;
/** The shortest that there is. Less than that is left only where the two clocks of an answer do not fit together. */
const LEAST_VISIBILITY = 1_000;

/** A queue of Alibaba Cloud's MNS, by the vendor's SDK. Nothing is tried twice here: that is for whoever polls. */
export class MnsQueue {
  readonly #options: MnsQueueOptions;
  readonly #agent: http.Agent;
  #client: { readonly of: QueueCredentials; readonly client: PatientClient } | null = null;

  constructor(options: MnsQueueOptions) {
    this.#options = options;
    const settings = { keepAlive: true, maxSockets: options.connections };
    this.#agent = options.endpoint.startsWith('https:') ? new https.Agent(settings) : new http.Agent(settings);
  }

  /**
   * Asks for up to sixteen messages.
   * @param wait seconds to wait for the first one; 0 does not wait
   * @returns nothing when there is none
   * @throws QueueError
   */
  async receive(wait: number): Promise<ReceivedMessages> {
    try {
      const answer = await this.#as((client) =>
        client.batchReceiveMessage(this.#options.queue, LARGEST_BATCH, wait > 0 ? wait : undefined),
      );
      return receivedMessages(answer.body, answer.headers.date);
    } catch (error) {
      // An empty queue answers with an error.
      if (error instanceof QueueError && error.code === 'MessageNotExist') return NOTHING;
      throw error;
    }
  }

  /**
   * Whether something waits in the queue: looked at from outside, so that it is neither hidden nor counted as handed out.
   * @throws QueueError
   */
  async holdsSomething(): Promise<boolean> {
    try {
      await this.#as((client) => client.peekMessage(this.#options.queue));
      return true;
    } catch (error) {
      if (error instanceof QueueError && error.code === 'MessageNotExist') return false;
      throw error;
    }
  }

  /**
   * Deletes messages.
   * @returns how many were not: their handles are dead, so they come again
   * @throws QueueError when it cannot be told
   */
  async delete(messages: readonly QueueMessage[]): Promise<number> {
    const handles = messages.map(({ receiptHandle }) => receiptHandle);
    // A list of those that were not comes with 404.
    const { body } = await this.#as((client) => client.batchDeleteMessage(this.#options.queue, handles));
    return body?.length ?? 0;
  }

  /** Closes the connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #as<T>(operation: (client: PatientClient) => Promise<T>): Promise<T> {
    const credentials = await this.#options.credentials.get();
    try {
      return await operation(this.#clientFor(credentials));
    } catch (failure) {
      const error = queueError(failure);
      if (isRefused(error)) this.#options.credentials.refuse(credentials);
      throw error;
    }
  }

  #clientFor(credentials: QueueCredentials): PatientClient {
    if (this.#client?.of !== credentials) {
      this.#client = { of: credentials, client: new PatientClient(this.#options, credentials, this.#agent) };
    }
    return this.#client.client;
  }
}

/**
 * The SDK's client where it stands in the way, all in how it sends: a long poll cannot be called off; its connections
 * cannot be closed, because all clients share one agent; an answer that comes too slowly is given up and its connection
 * kept, which would in the end use up all that there may be; 30 s of silence count as a failure to connect, which is as
 * long as a long poll may be silent; and the status of an answer that is no XML is not looked at. Its refreshing of
 * tokens is not used. (docs/decisions/0013-queues-by-the-vendors-sdk.md)
 */
class PatientClient extends MnsClient {
  readonly #agent: http.Agent;
  readonly #signal: AbortSignal;
  readonly #answerTimeout: number;

  constructor({ endpoint, signal, answerTimeout }: MnsQueueOptions, credentials: QueueCredentials, agent: http.Agent) {
    super('unused: the endpoint is given', optionsOf(endpoint, credentials));
    this.#agent = agent;
    this.#signal = signal;
    this.#answerTimeout = answerTimeout ?? ANSWER_TIMEOUT;
  }

  protected override async request<T>(
    method: string,
    resource: string,
    type: string,
    body: string | Buffer,
    _attentions?: readonly string[],
    options: RequestOptions = {},
  ): Promise<Response<T>> {
    const isReceiving = method === 'GET';
    const timeout = this.#answerTimeout + (isReceiving ? waitOf(resource) : 0);
    const overdue = AbortSignal.timeout(timeout);
    const signal = isReceiving ? AbortSignal.any([this.#signal, overdue]) : overdue;
    const sending = super.request<T>(method, resource, type, body, ['date'], {
      ...options,
      agent: this.#agent,
      readTimeout: timeout,
      connectTimeout: timeout,
      beforeRequest: (request) => ({ ...request, signal }),
    });
    const answer = await sending.catch((error: unknown) => {
      throw overdue.aborted ? new QueueError('Timeout') : error;
    });
    // A page of a proxy, whatever its status: nothing was done.
    if (answer.code !== 204 && answer.body === undefined) throw new QueueError('UnexpectedAnswer');
    return answer;
  }
}

function optionsOf(endpoint: string, { accessKeyId, accessKeySecret, securityToken }: QueueCredentials): ClientOptions {
  const options = { endpoint, accessKeyID: accessKeyId, accessKeySecret };
  return securityToken === undefined ? options : { ...options, securityToken };
}

/** How long a request may wait for messages, ms. */
function waitOf(resource: string): number {
  return 1_000 * Number(/[?&]waitseconds=(\d+)/.exec(resource)?.[1] ?? 0);
}

function receivedMessages(
  list: readonly Readonly<Record<string, unknown>>[] | undefined,
  date: string | undefined,
): ReceivedMessages {
  if (list === undefined) return NOTHING;
  // By the queue's own clock, which the answer tells to the second: ours may differ.
  const now = date === undefined ? NaN : Date.parse(date);
  const visibleAgain = list.map((message) => Number(message.NextVisibleTime)).filter((time) => time > 0);
  const visibility = Math.min(...visibleAgain) - now;
  const messages = list.flatMap((message): QueueMessage[] => {
    const { MessageBody: body, ReceiptHandle: receiptHandle } = message;
    // To publish less than the queue holds, and delete it, would be to lose it.
    if (typeof body !== 'string' || typeof receiptHandle !== 'string' || receiptHandle === '') return [];
    const messageId = typeof message.MessageId === 'string' ? message.MessageId : '';
    const dequeueCount = positive(message.DequeueCount) ?? 1;
    return [{ messageId, receiptHandle, body, enqueuedAt: positive(message.EnqueueTime), dequeueCount }];
  });
  return {
    messages,
    unreadable: list.length - messages.length,
    visibility: Number.isFinite(visibility) ? Math.max(LEAST_VISIBILITY, visibility) : USUAL_VISIBILITY,
  };
}

function positive(value: unknown): number | null {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}
