import 'reflect-metadata';
import { createLogger, readEnvironment, runStage, softwareVersion, startOrExplain } from '#runtime';
import { LAST_SPANS, openTracing } from '#tracing';
import { Projector } from './projector.js';
import { ProjectorModule } from './projector.module.js';
import { requireSchema } from './store/require-schema.js';

await startOrExplain('projector', async () => {
  const environment = readEnvironment('projector');
  const logger = createLogger({ name: 'projector', ...environment });
  const tracing = await openTracing({ app: 'projector', version: softwareVersion() }, environment.tracing, logger);
  await requireSchema(environment.databaseUrl, environment.erasureKey);
  await runStage('projector', environment, logger, (parts) => {
    const projector = new Projector(environment, logger, parts, tracing);
    return {
      strategy: projector.consumer,
      module: (management) => ProjectorModule.forRoot(projector, management),
      lastly: async () => tracing?.close(LAST_SPANS),
    };
  });
});
