import 'reflect-metadata';
import { PROVIDERS } from '#providers';
import {
  createLogger,
  LiveConfiguration,
  processEnvironment,
  readEnvironment,
  Reloading,
  runStage,
  startOrExplain,
} from '#runtime';
import { Normaliser } from './normaliser.js';
import { NormaliserModule } from './normaliser.module.js';

await startOrExplain('normaliser', async () => {
  const environment = readEnvironment('normaliser');
  const configuration = new LiveConfiguration(environment.configurationFile, processEnvironment(), PROVIDERS, {
    secrets: false,
  });
  const logger = createLogger({ name: 'normaliser', ...environment });
  await runStage(environment, logger, (parts) => {
    const normaliser = new Normaliser(environment, configuration.current, logger, parts);
    configuration.onChange((next) => normaliser.prepare(next));
    const reloading = new Reloading('configuration', configuration, { logger, registry: parts.metrics.registry });
    return {
      strategy: normaliser.consumer,
      module: (management) => NormaliserModule.forRoot(normaliser, reloading, management),
    };
  });
});
