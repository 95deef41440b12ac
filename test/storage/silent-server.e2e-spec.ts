import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { TransientError } from '#kafka';
import { query } from '../../apps/projector/src/store/query.js';
import { sessionSettings } from '../../apps/projector/src/store/session.js';
import { inTransaction } from '../../apps/projector/src/store/transaction.js';
import { whileAlone } from '../../apps/projector/src/store/while-alone.js';
import { TcpLine } from '../faults/tcp-line.js';
import { ignore } from '../system/silent-logger.js';

const ONE = { text: 'SELECT 1 AS one' };
/** Statements of this test take no time. ms */
const LONGEST_STATEMENT = 100;

describe('a server that is gone without a word', () => {
  let line: TcpLine;
  let pool: pg.Pool;
  let settings: pg.ClientConfig;

  beforeAll(async () => {
    const url = new URL(process.env.TEST_DATABASE_URL!);
    const { port } = url;
    line = await TcpLine.open(() => [Number(port)]);
    url.port = String(line.port);
    settings = { connectionString: url.href, ...sessionSettings(LONGEST_STATEMENT) };
    pool = new pg.Pool({ ...settings, max: 1 });
    pool.on('error', ignore);
  });

  afterAll(async () => {
    await line.close();
    await pool.end();
  });

  it('fails what waits for it, and holds up nobody once another is there', async () => {
    const { promise: silent, resolve: isSilent } = Promise.withResolvers<undefined>();
    const { promise: alone, resolve: isAlone } = Promise.withResolvers<undefined>();
    const transaction = inTransaction(pool, async (client) => {
      await query(client, ONE);
      await alone;
      line.swallow();
      isSilent(undefined);
      await query(client, ONE);
    });
    const job = whileAlone(settings, 'quittance test of silence', async (client) => {
      isAlone(undefined);
      await silent;
      await query(client, ONE);
    });
    // Nobody answers to who comes now, either.
    const late = silent.then(() => whileAlone(settings, 'quittance test of being late', () => Promise.resolve()));
    await Promise.all([
      expect(transaction).rejects.toThrow(TransientError),
      expect(job).rejects.toThrow(TransientError),
      expect(late).rejects.toThrow('timeout'),
    ]);

    line.mend();
    expect((await inTransaction(pool, (client) => query(client, ONE))).rows).toEqual([{ one: 1 }]);
    let isDone = false;
    await whileAlone(settings, 'quittance test of silence', () => {
      isDone = true;
      return Promise.resolve();
    });
    expect(isDone).toBe(true);
  }, 60_000);
});
