import { timingSafeEqual } from 'node:crypto';
import { MnsError } from './errors.js';
import type { SignedRequest } from './signature.js';
import { mnsSignature, one } from './signature.js';
import type { CustomerKey, QueueToken, Tokens } from './tokens.js';

/** Who asks: the customer with a key of its own, or somebody with a token. */
export type Caller = { readonly token: null } | { readonly token: QueueToken };

/** What callers are judged by. */
export interface Authority {
  /** Null: nobody has a key of its own. */
  readonly customer: CustomerKey | null;
  readonly tokens: Tokens;
  /** The clock, Unix ms. */
  readonly now: () => number;
  /** What an expired token is answered. */
  readonly expiredAs: () => 'AccessDenied' | 'InvalidAccessKeyId';
}

/** How far the clocks may be apart, ms. */
const MOST_SKEW = 15 * 60 * 1000;
/** RFC 1123, the only form that the vendor takes. */
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const AUTHORIZATION = /^MNS ([^:\s]+):(\S+)$/;

/**
 * Whose request it is.
 * @throws MnsError when it cannot be told or is nobody's
 */
export function authenticate(request: SignedRequest, authority: Authority): Caller {
  const { headers } = request;
  const authorization = one(headers.authorization);
  if (authorization === '') throw new MnsError('MissingAuthorizationHeader');
  const [, accessKeyId = '', signature = ''] = AUTHORIZATION.exec(authorization) ?? [];
  if (signature === '') throw new MnsError('InvalidAuthorizationHeader');
  const date = dateOf(request, authority.now());
  if (one(headers['x-mns-version']) === '') throw new MnsError('MissingVersionHeader');

  const token = authority.tokens.find(accessKeyId);
  const key = token ?? (authority.customer?.accessKeyId === accessKeyId ? authority.customer : null);
  if (key === null) throw new MnsError('InvalidAccessKeyId');
  if (!isSame(mnsSignature(request, key.accessKeySecret, date), signature)) throw new MnsError('SignatureDoesNotMatch');
  if (token === null) return { token };
  if (authority.tokens.isExpired(token)) throw new MnsError(authority.expiredAs());
  if (!isSame(one(headers['security-token']), token.securityToken)) throw new MnsError('AccessDenied');
  return { token };
}

/** The date that is signed. */
function dateOf({ headers }: SignedRequest, now: number): string {
  const date = one(headers.date);
  const counting = date === '' ? one(headers['x-mns-date']) : date;
  if (counting === '') throw new MnsError('MissingDateHeader');
  const time = Date.parse(counting);
  if (!DATE.test(counting) || Number.isNaN(time)) throw new MnsError('InvalidDateHeader');
  if (Math.abs(now - time) > MOST_SKEW) throw new MnsError('TimeExpired');
  return date;
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What can be done. */
export type Operation = 'consume' | 'look' | 'send' | 'manage';

const OF_THE_VENDOR = 'Alicom-Queue-';

/** Whether a queue belongs to the vendor, who lends it with tokens. */
export function isVendorQueue(queue: string): boolean {
  return queue.startsWith(OF_THE_VENDOR);
}

/**
 * Lets a caller do something with a queue: with its own key everything with its own queues, which are all but the
 * vendor's; with a token what a consumer does, with the queue of the token's message type. That a token does not let send
 * or manage is an assumption: the vendor lends it to consumers and says no more.
 * @param queue null: the list of queues
 * @throws MnsError AccessDenied
 */
export function authorise({ token }: Caller, operation: Operation, queue: string | null): void {
  const isAllowed =
    token === null
      ? queue === null || !isVendorQueue(queue)
      : queue !== null &&
        (operation === 'consume' || operation === 'look') &&
        isVendorQueue(queue) &&
        queue.endsWith(`-${token.messageType}`);
  if (!isAllowed) throw new MnsError('AccessDenied');
}
