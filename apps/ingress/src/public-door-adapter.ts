import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { addressMatcher } from '#runtime';
import { give, NOT_FOUND } from './answers.js';
import type { TlsOptions } from './tls.js';

/** What a client is given time for, ms. */
export interface Patience {
  /** From opening a connection, or from the first byte of a further request, to the end of the head. TLS has as long. */
  readonly head: number;
  /** A whole request. More than the longest deadline, so that the deadline's answer comes first. */
  readonly request: number;
  /** Between requests. Longer than the 60 s of usual load balancers, or these would meet connections just closed. */
  readonly idle: number;
  /** Not a byte either way, in the middle of a request: somebody does not read our answers. */
  readonly silence: number;
}

export const PATIENCE: Patience = { head: 5_000, request: 15_000, idle: 75_000, silence: 30_000 };

/** How often it is looked for requests whose time is up, ms. */
const TIMEOUT_CHECKS = 1_000;
/** All headers together, bytes. */
const MAX_HEADER_BYTES = 16 * 1024;
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
  constructor(trustedProxies: readonly string[], tls: TlsOptions | null = null, patience: Patience = PATIENCE) {
    const server = {
      headersTimeout: patience.head,
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECKS, patience.head),
      maxHeaderSize: MAX_HEADER_BYTES,
    };
    super({
      logger: false,
      trustProxy: trustedProxies.length === 0 ? false : addressMatcher(trustedProxies),
      requestTimeout: patience.request,
      keepAliveTimeout: patience.idle,
      connectionTimeout: patience.silence,
      ...(tls === null ? { http: server } : { https: { ...server, ...tls, handshakeTimeout: patience.head } }),
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
