import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource } from '../../apps/projector/src/store/data-source.js';
import { requireSchema } from '../../apps/projector/src/store/require-schema.js';
import { migrate } from '../../apps/projector/src/store/schema.js';
import { createDatabase, type OwnDatabase } from './own-database.js';

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
  let database: OwnDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  it('is asked for before a projector starts on an empty database', async () => {
    await expect(requireSchema(database.url, null)).rejects.toThrow('npm run migrate');
  });

  it('comes from the migrations, which may run again, and several at once', async () => {
    const runs = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
    const { migrations } = createDataSource(database.url).options;
    expect(runs.flat()).toHaveLength(Object.keys(migrations!).length);
    expect(await migrate(database.url)).toEqual([]);
    await requireSchema(database.url, null);
  });

  it('is what the golden file says', async () => {
    const columns = (await database.session.query<Column>(COLUMNS)).rows.map(
      (column) =>
        `${column.table_name}.${column.column_name} ${column.data_type}` +
        `${column.is_nullable === 'NO' ? ' NOT NULL' : ''}${column.column_default === null ? '' : ` DEFAULT ${column.column_default}`}`,
    );
    const indexes = (await database.session.query<{ indexdef: string }>(INDEXES)).rows.map(({ indexdef }) => indexdef);
    const text = `${[...columns, '', ...indexes].join('\n')}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(GOLDEN, text);
    expect(existsSync(GOLDEN) ? readFileSync(GOLDEN, 'utf8') : 'no golden file').toBe(text);
  });

  it('is what the entities say', async () => {
    const dataSource = createDataSource(database.url);
    await dataSource.initialize();
    try {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  });
});
