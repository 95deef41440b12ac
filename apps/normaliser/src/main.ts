import 'reflect-metadata';
import { PROVIDERS } from '#providers';
import {
  createLogger,
  LiveConfiguration,
  processEnvironment,
  readEnvironment,
  Reloading,
  runStage,
  softwareVersion,
  startOrExplain,
} from '#runtime';
import { LAST_SPANS, openTracing } from '#tracing';
import { Normaliser } from './normaliser.js';
import { NormaliserModule } from './normaliser.module.js';

await startOrExplain('normaliser', async () => {
  const environment = readEnvironment('normaliser');
  const configuration = new LiveConfiguration(environment.configurationFile, processEnvironment(), PROVIDERS, {
    secrets: false,
  });
  const logger = createLogger({ name: 'normaliser', ...environment });
  const tracing = await openTracing({ app: 'normaliser', version: softwareVersion() }, environment.tracing, logger);
  await runStage('normaliser', environment, logger, (parts) => {
    const normaliser = new Normaliser(environment, configuration.current, logger, parts, tracing);
    configuration.onChange((next) => normaliser.prepare(next));
    const reloading = new Reloading('configuration', configuration, { logger, registry: parts.metrics.registry });
    return {
      strategy: normaliser.consumer,
      module: (management) => NormaliserModule.forRoot(normaliser, reloading, management),
      lastly: async () => tracing?.close(LAST_SPANS),
    };
  });
});
