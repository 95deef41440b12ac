import type pg from 'pg';

/** How long it may take to get a session, ms. */
const CONNECT_WITHIN = 5_000;
/** The server ends a statement that takes too long, and says so: when nothing has come by so much later, nobody is there. ms */
const GRACE = 5_000;
/** How long a connection may be silent before it is tried whether the other side is still there, ms. */
const TRY_AFTER = 10_000;

/** Bounds that every session of ours has, as the client and the server take them. */
export type SessionSettings = Pick<
  pg.ClientConfig,
  'connectionTimeoutMillis' | 'keepAlive' | 'keepAliveInitialDelayMillis' | 'statement_timeout' | 'query_timeout'
>;

/**
 * What keeps a session from waiting for ever. A server that is gone without a word (its host, or what stands between)
 * cannot keep to `statement_timeout`: that the answer fails to come is for us to notice. What then fails is transient.
 * @param longestStatement ms; Infinity: nobody knows how long a statement takes, only that the other side is there
 */
export function sessionSettings(longestStatement: number): SessionSettings {
  return {
    connectionTimeoutMillis: CONNECT_WITHIN,
    keepAlive: true,
    keepAliveInitialDelayMillis: TRY_AFTER,
    ...(longestStatement === Infinity
      ? {}
      : { statement_timeout: longestStatement, query_timeout: longestStatement + GRACE }),
  };
}
