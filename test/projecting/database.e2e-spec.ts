/**
 * A database that takes nothing, for a reason that will pass: consumption pauses, health says so, nothing is skipped and
 * nothing is put aside, and it goes on by itself. That the server is away is in test/faults.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import { untilReady, type AppProcess } from '../system/app-process.js';
import { until } from '../system/until.js';
import { mountSmallDisk } from '../system/small-disk.js';
import { withInstallation, type Projecting } from './with-installation.js';

const disk = mountSmallDisk(2);

const POSITIONS = 'SELECT partition, next_offset FROM projector_offset ORDER BY partition';

describe('a database that takes nothing for a while', () => {
  afterAll(() => {
    disk?.remove();
  });

  it.concurrent('because it is read-only', () =>
    withInstallation(async ({ installation, feed }) => {
      const name = new URL(installation.databaseUrl).pathname.slice(1);
      const setReadOnly = async (value: 'on' | 'off'): Promise<void> => {
        await installation.rows(
          `BEGIN READ WRITE; ALTER DATABASE ${name} SET default_transaction_read_only = ${value}; COMMIT`,
        );
        // It holds for new sessions: the others end, as they do when a server becomes another one's replica.
        await installation.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        );
      };
      const projector = await installation.start('projector');
      feed.start();
      await feed.more(100);
      await setReadOnly('on');
      await untilWaiting(projector, '25006');
      const before = await installation.rows(POSITIONS);
      await feed.more(100);
      expect(await installation.rows(POSITIONS)).toEqual(before);
      await setReadOnly('off');
      await expectToGoOn({ installation, feed }, projector);
    }),
  );

  if (disk === null) {
    it('because its disk is full: IS NOT TESTED HERE, no file system may be mounted', () => undefined);
  } else {
    it.concurrent('because its disk is full', () =>
      withInstallation(async ({ installation, feed }) => {
        const name = new URL(installation.databaseUrl).pathname.slice(1);
        await installation.rows(`CREATE TABLESPACE ${name} LOCATION '${disk.path}'`);
        await installation.rows(`ALTER TABLE message SET TABLESPACE ${name}`);
        try {
          const projector = await installation.start('projector');
          feed.start();
          await untilWaiting(projector, '53100');
          disk.resize(256);
          await expectToGoOn({ installation, feed }, projector);
        } finally {
          await installation.rows('ALTER TABLE message SET TABLESPACE pg_default');
          await installation.rows(`DROP TABLESPACE ${name}`);
        }
      }),
    );
  }
});

/** Waits until Postgres has refused with this SQLSTATE for so long that the projector says that it is not ready. */
async function untilWaiting(projector: AppProcess, state: string): Promise<void> {
  await until(`Postgres answers ${state}`, () => projector.log().includes(`SQLSTATE ${state}`));
  await until('the projector says that it is not ready', async () => !(await projector.ready()));
}

async function expectToGoOn(
  { installation, feed }: Pick<Projecting, 'installation' | 'feed'>,
  projector: AppProcess,
): Promise<void> {
  await untilReady(projector);
  await feed.more(100);
  await feed.expectTruth();
  expect(await installation.records('dead-letters.v1')).toEqual([]);
  expect(projector.process.exit()).toBeNull();
}
