import RPCClient from '@alicloud/pop-core';
import { QueueError, queueError } from './queue-error.js';

/** What opens a queue. */
export interface QueueCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Absent for a queue of one's own, which the account's key opens. */
  readonly securityToken?: string;
}

/** Where credentials for a queue come from. */
export interface CredentialSource {
  /** @throws QueueError when there are none */
  get(): Promise<QueueCredentials>;
  /** The queue has refused these: the next `get` gives others, if there are any and none was given lately. */
  refuse(credentials: QueueCredentials): void;
}

/** Of whom a token is asked, and for what. */
export interface TokenRequest {
  /** Address without a trailing slash. */
  readonly endpoint: string;
  readonly regionId: string;
  readonly messageType: string;
  readonly queue: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** https://help.aliyun.com/document_detail/101887.html; the international endpoint takes the same version. */
const VERSION = '2017-05-25';
const TIMEOUT = 10_000;
/** The vendor's own clients fetch another token when less than two minutes are left. */
const MARGIN = 120_000;
/** While a new token cannot be had and the old one still opens the queue, it is asked for again after this time, ms. */
const RETRY = 10_000;
/** A token without a readable time of expiry is used for so long, ms, as another client of the vendor's queues does. */
const ASSUMED_LIFETIME = 600_000;
/** However our clock and the vendor's differ, not more than one request for a token in this time, ms. */
const LEAST_USE = 5_000;
/** A queue that refuses every token gets another one after this time, ms: others may use the one that it refused. */
const BETWEEN_REFUSALS = 60_000;

interface Token {
  readonly credentials: QueueCredentials;
  /** `Date.now()` from which another one is asked for. */
  renewAt: number;
  readonly expiresAt: number;
}

/**
 * Tokens for queues in the vendor's account, by `QueryTokenForMnsQueue`. One is kept until it is about to expire or is
 * refused; whoever asks meanwhile waits for the same request.
 */
export class QueueTokens implements CredentialSource {
  readonly #request: TokenRequest;
  readonly #onFetch: (outcome: 'fetched' | 'failed') => void;
  readonly #client: RPCClient;
  #token: Token | null = null;
  #fetching: Promise<Token> | null = null;
  #refusedAt = -Infinity;

  /** @param onFetch told of every request for a token */
  constructor(request: TokenRequest, onFetch: (outcome: 'fetched' | 'failed') => void = () => undefined) {
    const { endpoint, accessKeyId, accessKeySecret } = request;
    this.#request = request;
    this.#onFetch = onFetch;
    this.#client = new RPCClient({ endpoint, apiVersion: VERSION, accessKeyId, accessKeySecret });
  }

  async get(): Promise<QueueCredentials> {
    const token = this.#token;
    if (token !== null && Date.now() < token.renewAt) return token.credentials;
    try {
      this.#fetching ??= this.#fetch().finally(() => (this.#fetching = null));
      return (await this.#fetching).credentials;
    } catch (error) {
      if (token === null || token !== this.#token || Date.now() >= token.expiresAt) throw error;
      token.renewAt = Date.now() + RETRY;
      return token.credentials;
    }
  }

  refuse(credentials: QueueCredentials): void {
    const now = Date.now();
    if (this.#token?.credentials !== credentials || now - this.#refusedAt < BETWEEN_REFUSALS) return;
    this.#refusedAt = now;
    this.#token = null;
  }

  async #fetch(): Promise<Token> {
    const { regionId, messageType, queue } = this.#request;
    try {
      const answer = await this.#client.request<unknown>(
        'QueryTokenForMnsQueue',
        { RegionId: regionId, MessageType: messageType, QueueName: queue },
        {
          timeout: TIMEOUT,
          beforeRequest: (options: object) => ({ ...options, signal: AbortSignal.timeout(TIMEOUT) }),
        },
      );
      this.#token = tokenOf(answer, Date.now());
      this.#onFetch('fetched');
      return this.#token;
    } catch (error) {
      this.#onFetch('failed');
      throw queueError(error);
    }
  }
}

/** The key of the account itself, for a queue of its own. */
export function ownKey({ accessKeyId, accessKeySecret }: QueueCredentials): CredentialSource {
  const credentials = { accessKeyId, accessKeySecret };
  return { get: () => Promise.resolve(credentials), refuse: () => undefined };
}

/**
 * Reads the answer. Times are of the vendor's clock; how long a token lives is the same on every clock.
 * @param now Unix ms
 */
function tokenOf(answer: unknown, now: number): Token {
  const { Code: code, MessageTokenDTO: dto } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  // The SDK lets pass an answer that has no code at all.
  if (code !== 'OK') throw new QueueError(typeof code === 'string' ? code : 'NoCode');
  const fields = (dto ?? {}) as Readonly<Record<string, unknown>>;
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, SecurityToken: securityToken } = fields;
  if (typeof accessKeyId !== 'string' || typeof accessKeySecret !== 'string' || typeof securityToken !== 'string') {
    throw new QueueError('NoToken');
  }
  const left = timeLeft(beijingTime(fields.CreateTime), beijingTime(fields.ExpireTime), now);
  return {
    credentials: { accessKeyId, accessKeySecret, securityToken },
    renewAt: now + Math.max(LEAST_USE, left - Math.min(MARGIN, left / 2)),
    expiresAt: now + left,
  };
}

function timeLeft(created: number | null, expires: number | null, now: number): number {
  if (expires === null) return ASSUMED_LIFETIME;
  const byOurClock = expires - now;
  const lifetime = created === null ? byOurClock : expires - created;
  const left = Math.min(lifetime, byOurClock);
  if (left > 0) return left;
  // Our clock is ahead of the vendor's by more than the token lives.
  return lifetime > 0 ? lifetime : ASSUMED_LIFETIME;
}

/** `yyyy-MM-dd HH:mm:ss` at UTC+8, as Unix ms; null if it is none. The vendor's Java client reads it in that zone. */
function beijingTime(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)) return null;
  const time = Date.parse(`${value.replace(' ', 'T')}+08:00`);
  return Number.isNaN(time) ? null : time;
}
