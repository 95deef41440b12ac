import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import {
  createLogger,
  Health,
  ManagementModule,
  Metrics,
  NestLogger,
  readEnvironment,
  shutDownOnSignals,
  startOrExplain,
  type Shutdown,
} from '#runtime';
import { Projector } from './projector.js';
import { ProjectorModule } from './projector.module.js';
import { requireSchema } from './store/schema.js';

await startOrExplain('projector', async () => {
  const environment = readEnvironment('projector');
  const logger = createLogger({ name: 'projector', ...environment });
  await requireSchema(environment.databaseUrl);
  const health = new Health();
  const metrics = new Metrics();
  let shutdown: Shutdown | null = null;
  const projector = new Projector(environment, logger, health, metrics, (error) => {
    health.fatal(error.message);
    shutdown?.stop(error.message, 1);
  });
  const management = ManagementModule.forRoot({
    host: environment.host,
    port: environment.managementPort,
    health,
    metrics,
  });
  const app = await NestFactory.createMicroservice(ProjectorModule.forRoot(projector, management), {
    strategy: projector.consumer,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  shutdown = shutDownOnSignals({ app, health, logger, grace: environment.shutdownGrace });
  await app.listen();
});
