import { randomBytes } from 'node:crypto';

/** A key pair of a customer. */
export interface CustomerKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** Credentials for the queues of one message type. Times in Unix ms. */
export interface QueueToken extends CustomerKey {
  readonly securityToken: string;
  readonly messageType: string;
  readonly createTime: number;
  readonly expireTime: number;
}

/** The tokens that were issued. */
export interface Tokens {
  issue(messageType: string, lifetimeSeconds: number): QueueToken;
  /** The token of a key, expired or not. */
  find(accessKeyId: string): QueueToken | null;
  isExpired(token: QueueToken): boolean;
  /** All tokens die at once. Returns how many were alive. */
  expireAll(): number;
}

/** Older ones are forgotten: their keys are then unknown. */
const MOST_KEPT = 10_000;

/** @param now the clock, Unix ms */
export function createTokens(now: () => number): Tokens {
  const byKey = new Map<string, QueueToken>();
  const isExpired = (token: QueueToken): boolean => token.expireTime <= now();
  return {
    issue(messageType, lifetimeSeconds) {
      const createTime = now();
      const token: QueueToken = {
        accessKeyId: `STS.${randomBytes(12).toString('hex').toUpperCase()}`,
        accessKeySecret: randomBytes(32).toString('base64url'),
        // Real ones hold `+`, `/` and `=` too.
        securityToken: `CAIS${randomBytes(300).toString('base64')}==`,
        messageType,
        createTime,
        expireTime: createTime + lifetimeSeconds * 1000,
      };
      byKey.set(token.accessKeyId, token);
      const [oldest] = byKey.keys();
      if (byKey.size > MOST_KEPT && oldest !== undefined) byKey.delete(oldest);
      return token;
    },
    find: (accessKeyId) => byKey.get(accessKeyId) ?? null,
    isExpired,
    expireAll() {
      const alive = [...byKey.values()].filter((token) => !isExpired(token));
      for (const token of alive) byKey.set(token.accessKeyId, { ...token, expireTime: now() });
      return alive.length;
    },
  };
}
