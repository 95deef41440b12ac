import 'reflect-metadata';
import { PROVIDERS } from '#providers';
import { LiveConfiguration, processEnvironment, readEnvironment, startOrExplain } from '#runtime';
import { startIngress } from './start-ingress.js';

await startOrExplain('ingress', async () => {
  const environment = readEnvironment('ingress');
  const configuration = new LiveConfiguration(environment.configurationFile, processEnvironment(), PROVIDERS);
  await startIngress(environment, configuration);
});
