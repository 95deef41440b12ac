/**
 * The Kafka client as it runs in production, with its parts replaced (docs/decisions/0003-kafkajs-patched.md), against the
 * client as its makers wrote it. Test runners keep a cache of modules of their own, in which nothing is replaced: so here
 * the built library runs in a process of its own, and this one is the original.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GroupCommitProducer, readTopic, type IncomingRecord } from '#kafka';
import { silentLogger } from '../system/silent-logger.js';
import { makeTopics } from './a-topic.js';

const LIBRARY = join(import.meta.dirname, '..', '..', 'dist', 'libs', 'kafka', 'src', 'index.js');
const RECORDS = 3_000;

/** Records of all shapes: with and without key, empty, large, with header values that repeat and that do not. */
function made(topic: string, index: number) {
  const text = index % 7 === 0 ? '' : `值 ${index} ${'x'.repeat((index * 37) % (index % 500 === 0 ? 200_000 : 900))}`;
  return {
    topic,
    key: index % 5 === 0 ? null : `key-${index % 211}-ü`,
    value: index % 2 === 0 ? text : Buffer.from(text),
    headers: { constant: 'always the same', number: String(index), [`name-${index % 9}`]: `ñ${index % 3}`, empty: '' },
  };
}

/** One line for each record, in order; whatever differs in a record differs here. */
function fingerprint(records: readonly IncomingRecord[]): string {
  const lines = records.map(({ key, value, headers }) =>
    JSON.stringify([
      key?.toString('base64'),
      value?.toString('base64'),
      Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ]),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/** Runs a module in which `kafka` is the built library; resolves to what it printed. */
function runBuilt(code: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import * as kafka from ${JSON.stringify(LIBRARY)};\n${code}`,
    ]);
    let [printed, complaints] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    child.on('error', reject);
    child.on('close', (exit) => {
      if (exit === 0) resolve(printed.trim());
      else reject(new Error(`ended with ${exit}:\n${complaints}`));
    });
  });
}

describe('the patched client', () => {
  it('writes what the original reads, and reads what the original wrote', async () => {
    const { kafka, names } = await makeTopics(3);
    const [ours, theirs] = [names['raw-receipts.v1'], names['events.v1']];
    const shared = `
      const kafka_ = ${JSON.stringify(kafka)};
      const logger = { debug() {}, info() {}, warn() {}, error() {} };
      const { createHash } = await import('node:crypto');
      const made = ${made.toString()};
      const fingerprint = ${fingerprint.toString()};`;

    await runBuilt(`${shared}
      const producer = new kafka.GroupCommitProducer({ kafka: kafka_, logger });
      const records = Array.from({ length: ${RECORDS} }, (_, index) => made(${JSON.stringify(ours)}, index));
      for (let from = 0; from < records.length; from += 700) await producer.publishAll(records.slice(from, from + 700));
      await producer.close();`);
    const producer = new GroupCommitProducer({ kafka, logger: silentLogger });
    await producer.publishAll(Array.from({ length: RECORDS }, (_, index) => made(theirs, index)));
    await producer.close();

    const [readOurs, readTheirs] = [await readTopic(kafka, ours), await readTopic(kafka, theirs)];
    expect(readOurs).toHaveLength(RECORDS);
    expect(fingerprint(readOurs)).toBe(fingerprint(readTheirs));
    // Equal keys lie in the same partition whoever wrote them.
    const places = (records: readonly IncomingRecord[]): Map<string, number> =>
      new Map(records.flatMap(({ key, partition }) => (key === null ? [] : [[key.toString(), partition] as const])));
    expect(places(readOurs)).toEqual(places(readTheirs));

    const seen = await runBuilt(`${shared}
      console.log(fingerprint(await kafka.readTopic(kafka_, ${JSON.stringify(theirs)})));`);
    expect(seen).toBe(fingerprint(readTheirs));
  }, 120_000);
});
