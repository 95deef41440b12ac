import 'reflect-metadata';
import { createLogger, readEnvironment, runStage, startOrExplain } from '#runtime';
import { Projector } from './projector.js';
import { ProjectorModule } from './projector.module.js';
import { requireSchema } from './store/schema.js';

await startOrExplain('projector', async () => {
  const environment = readEnvironment('projector');
  const logger = createLogger({ name: 'projector', ...environment });
  await requireSchema(environment.databaseUrl, environment.erasureKey);
  await runStage(environment, logger, (parts) => {
    const projector = new Projector(environment, logger, parts);
    return {
      strategy: projector.consumer,
      module: (management) => ProjectorModule.forRoot(projector, management),
    };
  });
});
