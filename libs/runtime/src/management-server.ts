import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Health, HealthReport } from './health.js';
import type { Metrics } from './metrics.js';
import { listenOrExplain } from './start.js';

/** Where the management port is opened. */
export interface ManagementSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** Probes and scrapers are few. Whoever else has found the port must not use up the process. */
const MOST_CONNECTIONS = 128;
const LIMITS = {
  requestTimeout: 10_000,
  connectionTimeout: 30_000,
  bodyLimit: 1_024,
  http: { headersTimeout: 5_000, maxHeaderSize: 8 * 1_024 },
};

/** Health, readiness and metrics on a port of their own, which the world never sees. */
export class ManagementServer implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #server: FastifyInstance;

  constructor(
    private readonly settings: ManagementSettings,
    private readonly health: Health,
    metrics: Metrics,
  ) {
    // A probe or scraper that keeps its connection must not hold up the end of the process.
    this.#server = fastify({ logger: false, forceCloseConnections: true, ...LIMITS });
    this.#server.server.maxConnections = MOST_CONNECTIONS;
    // Fastify's own answer repeats the address.
    this.#server.setNotFoundHandler((_request, reply) => reply.code(404).send('not found\n'));
    this.#server.get('/health/live', (_request, reply) => send(reply, health.live()));
    this.#server.get('/health/ready', (_request, reply) => send(reply, health.ready()));
    this.#server.get('/metrics', async (_request, reply) =>
      reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics()),
    );
  }

  /** The port that was opened; null before and after. */
  get port(): number | null {
    const address = this.#server.server.address();
    return typeof address === 'object' ? (address?.port ?? null) : null;
  }

  async onModuleInit(): Promise<void> {
    await listenOrExplain('MANAGEMENT_PORT', this.settings, async () => {
      await this.#server.listen({ host: this.settings.host, port: this.settings.port });
    });
  }

  onApplicationBootstrap(): void {
    this.health.started();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#server.close();
  }
}

function send(reply: FastifyReply, report: HealthReport): FastifyReply {
  return reply
    .code(report.healthy ? 200 : 503)
    .header('cache-control', 'no-store')
    .send({ status: report.healthy ? 'ok' : 'unavailable', checks: report.checks });
}
