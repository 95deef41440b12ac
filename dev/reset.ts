import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeServices } from './docker.js';
import { stopWhatIsLeft } from './live-run.js';
import { DEV_DIRECTORY, KAFKA_DATA, POSTGRES_DATA } from './places.js';
import { removePostgresFiles } from './postgres-files.js';
import { Refusal } from './refusal.js';

/** Removes all data of development. The fetched Kafka stays: it is no data, and takes time to fetch. */
try {
  const stopped = await stopWhatIsLeft();
  if (stopped.length > 0) console.log(`stopped what an earlier run left behind: ${stopped.join(', ')}`);
  removePostgresFiles(POSTGRES_DATA);
  rmSync(KAFKA_DATA, { recursive: true, force: true });
  for (const name of directoryNames(DEV_DIRECTORY)) {
    if (name !== 'kafka') rmSync(join(DEV_DIRECTORY, name), { recursive: true, force: true });
  }
  await removeServices();
  console.log('All development data is removed.');
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
}

function directoryNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
