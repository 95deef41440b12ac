import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PROVIDERS } from '#providers';
import type { Configuration, Environment, LiveConfiguration, Logger } from '#runtime';
import {
  createLogger,
  Health,
  listenOrExplain,
  Metrics,
  NestLogger,
  registerStageMetrics,
  shutDownOnSignals,
  softwareVersion,
} from '#runtime';
import { LAST_SPANS, openTracing } from '#tracing';
import { registerCertificateMetric } from './certificate-metric.js';
import { Certificate } from './certificate.js';
import { IngressModule } from './ingress.module.js';
import { QueuePollers } from './mns/queue-pollers.js';
import { PublicDoor } from './public-door.js';
import { PublicDoorAdapter } from './public-door-adapter.js';
import { openSpool } from './spool/open-spool.js';
import { startWarnings } from './start-warnings.js';

/**
 * Connections that may wait to be accepted; the kernel allows no more than its `net.core.somaxconn`, which is as many.
 * Node's 511 are too few for providers that all come back at once after a restart: whoever finds no place tries again
 * after a second, when his patience is over.
 */
const BACKLOG = 4_096;

/**
 * Starts the ingress and leaves it running until a signal comes. It starts without Kafka as well: receipts go to the spool
 * then. Where there is none it is not ready, answers 503, and recovers by itself.
 * @throws StartError if a port, a file of TLS or the folder of the spool cannot be had
 */
export async function startIngress(environment: Environment, configuration: LiveConfiguration): Promise<void> {
  const logger = createLogger({ name: 'ingress', ...environment });
  warnOfRisks(configuration.current, environment, logger);
  configuration.onChange((next) => () => {
    warnOfRisks(next, environment, logger);
  });
  const health = new Health();
  const metrics = new Metrics();
  registerStageMetrics(metrics.registry, 'ingress', health);
  const tracing = await openTracing({ app: 'ingress', version: softwareVersion() }, environment.tracing, logger);
  const spool = await openSpool(environment, logger, health);
  const certificate = environment.tls === null ? null : new Certificate(environment.tls);
  if (certificate !== null) registerCertificateMetric(metrics.registry, () => certificate.current.cert);
  const app = await NestFactory.create<NestFastifyApplication>(
    IngressModule.forRoot({ environment, configuration, certificate, logger, health, metrics, spool, tracing }),
    new PublicDoorAdapter(configuration.current.trustedProxies, certificate?.current ?? null),
    { bodyParser: false, abortOnError: false, logger: new NestLogger(logger) },
  );
  const door = app.get(PublicDoor);
  shutDownOnSignals({
    app,
    health,
    logger,
    grace: environment.shutdownGrace,
    unfinished: () => door.unfinished,
    lastly: async () => tracing?.close(LAST_SPANS),
  });

  const { host, port } = environment;
  await listenOrExplain('PORT', { host, port }, async () => {
    await app.listen({ port, host, backlog: BACKLOG });
  });
  const { sources: fetched, paused } = app.get(QueuePollers);
  const waiting = spool?.status.receipts ?? null;
  logger.info({ url: await app.getUrl(), pushed: door.sources, fetched, paused, spooled: waiting }, 'ingress.started');
}

function warnOfRisks({ sources }: Configuration, { spoolDirectory }: Environment, logger: Logger): void {
  for (const warning of startWarnings(sources.values(), PROVIDERS, spoolDirectory !== null)) {
    logger.warn(warning, 'source.at-risk');
  }
}
