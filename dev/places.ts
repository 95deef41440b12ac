import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: the nearest folder above this file that holds package.json, from the sources and from dist alike. */
export const REPOSITORY = findRepository();

/** Everything that development leaves behind; never committed. */
export const DEV_DIRECTORY = join(REPOSITORY, '.dev');

export const LOG_DIRECTORY = join(DEV_DIRECTORY, 'logs');
export const KAFKA_POM = join(REPOSITORY, 'dev', 'pom.xml');
export const KAFKA_LIBRARY = join(DEV_DIRECTORY, 'kafka', 'lib');
export const KAFKA_DATA = join(DEV_DIRECTORY, 'kafka', 'data');
export const POSTGRES_DATA = join(DEV_DIRECTORY, 'postgres');
/** Where Node keeps what it has compiled: processes that are started again and again start faster. */
export const COMPILE_CACHE = join(DEV_DIRECTORY, 'compile-cache');
export const SPOOL_DATA = join(DEV_DIRECTORY, 'spool');

/** Addresses of what runs; there while everything is up. */
export const STACK_FILE = join(DEV_DIRECTORY, 'stack.json');

/** The `npm start` that runs here, and the processes that it started. */
export const RUN_FILE = join(DEV_DIRECTORY, 'run.json');
export const PROCESSES_FILE = join(DEV_DIRECTORY, 'processes.json');

function findRepository(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error('no package.json above this file');
    directory = parent;
  }
  return directory;
}
