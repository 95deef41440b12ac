/** What writes the same rows beside the projector: the topic's own past, operators' commands, and plain SQL. */
import { describe, expect, it } from '@jest/globals';
import { GroupCommitProducer, pause } from '#kafka';
import { runOps } from '../operations/run-ops.js';
import { uuid } from '../storage/reports.js';
import { header, type Installation } from '../system/installation.js';
import { silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { allProjected } from './feed.js';
import { withInstallation } from './with-installation.js';

/** Everything that a needless write would change. */
const EVERYTHING = `SELECT *, facts::text AS text FROM message ORDER BY message_key`;

/** So many of the latest messages are written by hand at once: they are what the projector writes, too. */
const HOT = 20;
/** ms. A batch that meets a faster writer is done again: one that never rests would hold it up for as long as it writes. */
const BETWEEN_WRITES = 250;

describe('beside a projector that works', () => {
  it.concurrent('the whole topic comes once more: no row is written, nobody is told anything', () =>
    withInstallation(async ({ installation, feed }) => {
      await installation.start('projector');
      for (let round = 0; round < 10; round++) await feed.step(50);
      const { told } = await feed.expectTruth();
      const before = await installation.rows(EVERYTHING);

      await appendAgain(installation);
      await allProjected(installation);
      expect(await installation.rows(EVERYTHING)).toEqual(before);
      expect(await installation.records('message-status.v1')).toHaveLength(told);
    }),
  );

  it.concurrent('operators and SQL write the same rows: no report is lost', () =>
    withInstallation(async ({ installation, feed }) => {
      await installation.start('projector');
      feed.start();
      await feed.more(200);
      const sql = new HandWriting(installation, () => feed.messages);
      try {
        for (const args of [['reproject'], ['reproject', '--stored'], ['verify', '--stored']]) {
          const { code, lines } = await runOps(installation.environment, args);
          expect({ args, code, last: lines.at(-1) }).toMatchObject({ args, code: 0 });
        }
        await until('rows have been written by hand', () => sql.written > HOT);
      } finally {
        await sql.stop();
      }
      await feed.more(100);
      await feed.expectTruth();
    }),
  );
});

/** Appends to the events topic what is in it. */
async function appendAgain(installation: Installation): Promise<void> {
  const producer = new GroupCommitProducer({ kafka: installation.kafka, logger: silentLogger });
  const records = await installation.records('events.v1');
  await producer.publishAll(
    records.map((record) => ({
      topic: record.topic,
      key: record.key,
      value: record.value!,
      headers: Object.fromEntries(Object.keys(record.headers).map((name) => [name, header(record, name)])),
    })),
  );
  await producer.close();
}

/** Touches the rows of the latest messages again and again, as operators have to: with one more in `version`. */
class HandWriting {
  written = 0;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;

  constructor(installation: Installation, messages: () => number) {
    this.#done = this.#write(installation, messages);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #write(installation: Installation, messages: () => number): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const latest = messages();
      const keys = Array.from({ length: HOT }, (_, at) => uuid(latest - at - 1));
      const rows = await installation.rows(
        'UPDATE message SET version = version + 1 WHERE message_key = ANY ($1::uuid[]) RETURNING 1',
        [keys],
      );
      this.written += rows.length;
      await pause(BETWEEN_WRITES, this.#stopping.signal);
    }
  }
}
