import 'reflect-metadata';
import { PROVIDERS } from '#providers';
import {
  createLogger,
  loadConfiguration,
  processEnvironment,
  readEnvironment,
  runStage,
  startOrExplain,
} from '#runtime';
import { Normaliser } from './normaliser.js';
import { NormaliserModule } from './normaliser.module.js';

await startOrExplain('normaliser', async () => {
  const environment = readEnvironment('normaliser');
  const configuration = loadConfiguration(environment.configurationFile, processEnvironment(), PROVIDERS, {
    secrets: false,
  });
  const logger = createLogger({ name: 'normaliser', ...environment });
  await runStage(environment, logger, (parts) => {
    const normaliser = new Normaliser(environment, configuration, logger, parts);
    return {
      strategy: normaliser.consumer,
      module: (management) => NormaliserModule.forRoot(normaliser, management),
    };
  });
});
