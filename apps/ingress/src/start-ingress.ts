import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PROVIDERS } from '#providers';
import type { Configuration, Environment } from '#runtime';
import { createLogger, Health, listenOrExplain, NestLogger, shutDownOnSignals } from '#runtime';
import { IngressModule } from './ingress.module.js';
import { QueuePollers } from './mns/queue-pollers.js';
import { PublicDoor } from './public-door.js';
import { PublicDoorAdapter } from './public-door-adapter.js';
import { openSpool } from './spool/open-spool.js';
import { startWarnings } from './start-warnings.js';
import { tlsOptions } from './tls.js';

/**
 * Starts the ingress and leaves it running until a signal comes. It starts without Kafka as well: receipts go to the spool
 * then. Where there is none it is not ready, answers 503, and recovers by itself.
 * @throws StartError if a port, a file of TLS or the folder of the spool cannot be had
 */
export async function startIngress(environment: Environment, configuration: Configuration): Promise<void> {
  const logger = createLogger({ name: 'ingress', ...environment });
  for (const warning of startWarnings(configuration.sources.values(), PROVIDERS, environment.spoolDirectory !== null)) {
    logger.warn(warning, 'source.at-risk');
  }
  const health = new Health();
  const spool = await openSpool(environment, logger, health);
  const app = await NestFactory.create<NestFastifyApplication>(
    IngressModule.forRoot({ environment, configuration, logger, health, spool }),
    new PublicDoorAdapter(configuration.trustedProxies, environment.tls === null ? null : tlsOptions(environment.tls)),
    { bodyParser: false, abortOnError: false, logger: new NestLogger(logger) },
  );
  const door = app.get(PublicDoor);
  shutDownOnSignals({ app, health, logger, grace: environment.shutdownGrace, unfinished: () => door.unfinished });

  const { host, port } = environment;
  await listenOrExplain('PORT', { host, port }, async () => {
    await app.listen(port, host);
  });
  const { sources: fetched, paused } = app.get(QueuePollers);
  const waiting = spool?.status.receipts ?? null;
  logger.info({ url: await app.getUrl(), pushed: door.sources, fetched, paused, spooled: waiting }, 'ingress.started');
}
