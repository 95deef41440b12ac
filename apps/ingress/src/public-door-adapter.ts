import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { addressMatcher } from '#runtime';
import { give, NOT_FOUND } from './answers.js';
import type { TlsOptions } from './tls.js';

/** The head of a request, ms. */
const HEADERS_TIMEOUT = 5_000;
/** A whole request, ms: more than the longest deadline, so that the deadline's answer comes first. */
const REQUEST_TIMEOUT = 15_000;
/** Idle connections, ms: longer than the 60 s of usual load balancers, or these would meet connections just closed. */
const KEEP_ALIVE_TIMEOUT = 75_000;
/** Longest source id or token, encoded. */
const MAX_SEGMENT_LENGTH = 256;

/**
 * Fastify as a public door: nothing is logged by it (addresses hold tokens), nothing about us is told, and whatever is
 * not a receipt's address gets the same 404, Nest's own messages included, which would repeat the address.
 */
export class PublicDoorAdapter extends FastifyAdapter {
  /**
   * @param trustedProxies networks whose X-Forwarded-For is believed
   * @param tls null: plain HTTP
   */
  constructor(trustedProxies: readonly string[], tls: TlsOptions | null = null) {
    const server = { headersTimeout: HEADERS_TIMEOUT, connectionsCheckingInterval: 1_000, maxHeaderSize: 16 * 1024 };
    super({
      logger: false,
      trustProxy: trustedProxies.length === 0 ? false : addressMatcher(trustedProxies),
      requestTimeout: REQUEST_TIMEOUT,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
      ...(tls === null ? { http: server } : { https: { ...server, ...tls } }),
      exposeHeadRoutes: false,
      return503OnClosing: false,
      routerOptions: { maxParamLength: MAX_SEGMENT_LENGTH },
      // Addresses that the router cannot read or that are too long.
      frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => {
        give(reply, NOT_FOUND, false);
      },
      skipMiddie: true,
    });
  }

  /** Nest's handler stays out: the receipt route has set its own. */
  override setNotFoundHandler(): FastifyInstance {
    return this.getInstance<FastifyInstance>();
  }
}
