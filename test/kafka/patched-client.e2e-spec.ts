/**
 * The Kafka client as it runs in production, with its parts replaced (docs/decisions/0003-kafkajs-patched.md), against the
 * client as its makers wrote it, which is what this process loads.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GroupCommitProducer, readTopic, type IncomingRecord } from '#kafka';
import { startKafka } from '../../dev/kafka-broker.js';
import { silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { makeTopics } from './a-topic.js';
import { PRODUCERS, runBuilt, type Producer } from './built-library.js';
import { freeze } from './freeze.js';

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

/** Everything that a producer was given, and what became of it. */
class Stream {
  /** Whether an answer is waited for. */
  waiting = false;
  readonly given = new Set<string>();
  readonly accepted = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;

  constructor(
    private readonly producer: Producer,
    private readonly topic: string,
  ) {
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    for (let batch = 0; !this.#stopping.signal.aborted; batch++) {
      const records = Array.from({ length: 50 }, (_, at) => {
        const text = `${batch}/${at} ${createHash('sha256')
          .update(`${batch}/${at}`)
          .digest('hex')
          .repeat(1 + (at % 30))}`;
        return { topic: this.topic, key: `key-${at}`, value: text, headers: { number: String(batch * 50 + at) } };
      });
      for (const { value } of records) this.given.add(value);
      this.waiting = true;
      try {
        await this.producer.publishAll(records);
        for (const { value } of records) this.accepted.add(value);
      } catch {
        // Its outcome is unknown.
      }
      this.waiting = false;
    }
  }
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

  it('loses and garbles no more than the original when the broker is killed in the middle of a send', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'quittance-killed-'));
    let broker = await startKafka({ dataDirectory });
    const streams: Stream[] = [];
    try {
      const { kafka, names } = await makeTopics(3, broker.brokers);
      const topics = [names['raw-receipts.v1'], names['events.v1']] as const;
      const producers = await Promise.all(PRODUCERS.map(([, make]) => make({ kafka, sendTimeout: 3_000 })));
      streams.push(...producers.map((producer, at) => new Stream(producer, topics[at]!)));
      const each = (holds: (stream: Stream) => boolean) => () => streams.every(holds);
      await until(
        'both are under way',
        each(({ accepted }) => accepted.size >= 500),
      );
      await freeze(broker);
      await until(
        'both wait for an answer',
        each(({ waiting }) => waiting),
      );
      await broker.kill();
      const accepted = streams.map((stream) => stream.accepted.size);
      broker = await startKafka({ dataDirectory, port: broker.port });
      await until('both go on', () => streams.every((stream, at) => stream.accepted.size > accepted[at]! + 500));
      await Promise.all(streams.map((stream) => stream.stop()));
      await Promise.all(producers.map((producer) => producer.close()));
      for (const [at, stream] of streams.entries()) {
        const written = new Set((await readTopic(kafka, topics[at]!)).map(({ value }) => value!.toString()));
        expect([...stream.accepted].filter((value) => !written.has(value))).toEqual([]);
        expect([...written].filter((value) => !stream.given.has(value))).toEqual([]);
      }
    } finally {
      await broker.kill();
      await Promise.all(streams.map((stream) => stream.stop()));
      rmSync(dataDirectory, { recursive: true, force: true });
    }
  }, 120_000);
});
