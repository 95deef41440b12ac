import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDataSource } from '../../apps/projector/src/store/data-source.js';
import { migrate, requireSchema } from '../../apps/projector/src/store/schema.js';

const GOLDEN = join(import.meta.dirname, '..', '..', 'docs', 'database-schema.txt');

const COLUMNS = `SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
  WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`;
const INDEXES = `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname`;

interface Column {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
  readonly is_nullable: 'YES' | 'NO';
  readonly column_default: string | null;
}

describe('the database schema', () => {
  const server = process.env.TEST_DATABASE_URL!;
  const name = `schema_${randomBytes(6).toString('hex')}`;
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const admin = new pg.Client({ connectionString: server });
  let database: pg.Client;

  beforeAll(async () => {
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    database = new pg.Client({ connectionString: url });
    await database.connect();
  });

  afterAll(async () => {
    await database.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  });

  it('is asked for before a projector starts on an empty database', async () => {
    await expect(requireSchema(url, null)).rejects.toThrow('npm run migrate');
  });

  it('comes from the migrations, which may run again, and several at once', async () => {
    const runs = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    const { migrations } = createDataSource(url).options;
    expect(runs.flat()).toHaveLength(Object.keys(migrations!).length);
    expect(await migrate(url)).toEqual([]);
    await requireSchema(url, null);
  });

  it('is what the golden file says', async () => {
    const columns = (await database.query<Column>(COLUMNS)).rows.map(
      (column) =>
        `${column.table_name}.${column.column_name} ${column.data_type}` +
        `${column.is_nullable === 'NO' ? ' NOT NULL' : ''}${column.column_default === null ? '' : ` DEFAULT ${column.column_default}`}`,
    );
    const indexes = (await database.query<{ indexdef: string }>(INDEXES)).rows.map(({ indexdef }) => indexdef);
    const text = `${[...columns, '', ...indexes].join('\n')}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(GOLDEN, text);
    expect(existsSync(GOLDEN) ? readFileSync(GOLDEN, 'utf8') : 'no golden file').toBe(text);
  });

  it('is what the entities say', async () => {
    const dataSource = createDataSource(url);
    await dataSource.initialize();
    try {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });
});
