import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { PROVIDERS } from '#providers';
import {
  createLogger,
  Health,
  loadConfiguration,
  ManagementModule,
  Metrics,
  NestLogger,
  processEnvironment,
  readEnvironment,
  shutDownOnSignals,
  startOrExplain,
  type Shutdown,
} from '#runtime';
import { Normaliser } from './normaliser.js';
import { NormaliserModule } from './normaliser.module.js';

await startOrExplain('normaliser', async () => {
  const environment = readEnvironment('normaliser');
  const configuration = loadConfiguration(environment.configurationFile, processEnvironment(), PROVIDERS, {
    secrets: false,
  });
  const logger = createLogger({ name: 'normaliser', ...environment });
  const health = new Health();
  const metrics = new Metrics();
  let shutdown: Shutdown | null = null;
  const normaliser = new Normaliser(environment, configuration, logger, health, metrics, (error) => {
    health.fatal(error.message);
    shutdown?.stop(error.message, 1);
  });
  const management = ManagementModule.forRoot({
    host: environment.host,
    port: environment.managementPort,
    health,
    metrics,
  });
  const app = await NestFactory.createMicroservice(NormaliserModule.forRoot(normaliser, management), {
    strategy: normaliser.consumer,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  shutdown = shutDownOnSignals({ app, health, logger, grace: environment.shutdownGrace });
  await app.listen();
});
