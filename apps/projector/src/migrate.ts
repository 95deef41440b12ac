import 'reflect-metadata';
import { createLogger, readEnvironment, startOrExplain } from '#runtime';
import { migrate } from './store/schema.js';

await startOrExplain('migration', async () => {
  const environment = readEnvironment('migration');
  const logger = createLogger({ name: 'migration', ...environment });
  const migrations = await migrate(environment.databaseUrl, {
    onWaiting: (holder) => {
      logger.warn({ holder }, 'schema.tables-in-use');
    },
  });
  logger.info({ migrations }, migrations.length === 0 ? 'schema.up-to-date' : 'schema.migrated');
});
