import 'reflect-metadata';
import { PROVIDERS } from '#providers';
import { loadConfiguration, processEnvironment, readEnvironment, startOrExplain } from '#runtime';
import { startIngress } from './start-ingress.js';

await startOrExplain('ingress', async () => {
  const environment = readEnvironment('ingress');
  const configuration = loadConfiguration(environment.configurationFile, processEnvironment(), PROVIDERS);
  await startIngress(environment, configuration);
});
