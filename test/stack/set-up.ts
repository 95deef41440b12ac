import { randomBytes } from 'node:crypto';
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { migrate as Migrate } from '../../apps/projector/src/store/schema.js';
import type { startTestStack as StartTestStack, TestStack } from '../../dev/test-stack.js';

declare global {
  // Jest runs set-up and tear-down in the same process, and hands nothing from one to the other.
  var quittanceTestStack: TestStack | undefined;
}

/** Jest loads this file by itself, without the transform and mapping of the tests: it can only use what is built. */
const DIST = join(import.meta.dirname, '..', '..', 'dist');
const BUILT = join(DIST, 'dev', 'test-stack.js');
const SCHEMA = join(DIST, 'apps', 'projector', 'src', 'store', 'schema.js');

/** Starts Kafka and Postgres for the whole-system tests and says in the environment where they are. */
export default async function setUp(): Promise<void> {
  try {
    if (!existsSync(BUILT)) throw new Error('dist/ is missing: run npm test, or npm run build first');
    const { startTestStack } = (await import(BUILT)) as { startTestStack: typeof StartTestStack };
    const stack = await startTestStack(process.env);
    globalThis.quittanceTestStack = stack;
    process.env.TEST_KAFKA_BROKERS = stack.brokers;
    process.env.TEST_DATABASE_URL = stack.databaseUrl;
    process.env.TEST_STACK_FILE = stack.file;
    process.env.TEST_DATABASE_TEMPLATE = await makeTemplate(stack.databaseUrl);
  } catch (error) {
    await globalThis.quittanceTestStack?.stop();
    // Jest ends here without asking its reporters, and mutes the streams before.
    process.once('exit', () => {
      writeSync(1, 'Tests: 0 passed, 1 failed\n');
    });
    throw error;
  }
}

/** Makes a database with all tables, which is faster to copy than to make; tear-down.ts removes it. */
async function makeTemplate(databaseUrl: string): Promise<string> {
  const { migrate } = (await import(SCHEMA)) as { migrate: typeof Migrate };
  const name = `t${randomBytes(6).toString('hex')}_template`;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  await migrate(Object.assign(new URL(databaseUrl), { pathname: `/${name}` }).href);
  return name;
}
