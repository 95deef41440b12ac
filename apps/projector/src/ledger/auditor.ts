import { consumerGroup, topicNames, type TopicNames } from '#contracts';
import { BatchConsumer, pause, PositionMovedError, TransientError, type IncomingRecord } from '#kafka';
import type { BackgroundJob } from '../background-jobs.js';
import type { ReadStretch } from './ledger-store.js';
import { LEDGER_TOPICS, RecordReader } from './read-record.js';
import { close, Readings, type Reading, type ReadingsParts } from './readings.js';

/** What reading along needs. */
export interface AuditorOptions extends ReadingsParts {
  /** How long stopping may take, ms. */
  readonly closeWithin: number;
}

/** What has been found is written so often, ms: rows are written seldom, and an operator waits for no more than that. */
const WRITE_EVERY = 1_000;
/** After the consumer has died, ms. */
const BEGIN_AGAIN = 10_000;
/**
 * Most records a second: a tenth of a core or two. The ledger may be late, and must not be what makes projecting late;
 * a ledger that begins where there are weeks to read would otherwise take all there is.
 */
const MOST_RECORDS = 20_000;
/** Rows that what was found may come to in all partitions together before it is written: some 30 MB. */
const MOST_FINDINGS = 20_000;
/** Records that are looked at without a break: some milliseconds. */
const MAX_RECORDS = 2_000;

/**
 * Reads along what the stages read and write, and notes in the ledger which receipts there are and which have ended: a
 * witness, who trusts no stage's own count. Its own positions lie in Postgres beside what it noted, so however it ends,
 * nothing is noted twice or left out. The projectors share the work; none of them is held up or ended by it.
 */
export class Auditor implements BackgroundJob {
  readonly #options: AuditorOptions;
  readonly #topics: TopicNames;
  readonly #reader: RecordReader;
  readonly #readings: Readings;
  /** `performance.now()` at which the next records may be read. */
  #freeAt = 0;

  constructor(options: AuditorOptions) {
    this.#options = options;
    this.#topics = topicNames(options.topicPrefix);
    this.#reader = new RecordReader(this.#topics);
    this.#readings = new Readings(options);
  }

  /** Leaves the group at the end. What is not written is read again by whoever comes next. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const died = new AbortController();
      const consumer = this.#consumer(signal, (error) => {
        this.#options.logger.warn({ reason: error.message }, 'ledger.interrupted');
        died.abort();
      });
      consumer.listen(() => undefined);
      const over = AbortSignal.any([signal, died.signal]);
      while (!over.aborted) {
        await pause(WRITE_EVERY, over);
        await this.#writeOrWarn(signal);
      }
      await consumer.close();
      this.#readings.forgetAll();
      await pause(BEGIN_AGAIN, signal);
    }
  }

  #consumer(signal: AbortSignal, onFatal: (error: Error) => void): BatchConsumer {
    const { kafka, topicPrefix, logger, closeWithin } = this.#options;
    const consumer = new BatchConsumer({
      kafka,
      logger,
      groupId: consumerGroup(topicPrefix, 'ledger'),
      topicPrefix,
      concurrency: 4,
      maxRecords: MAX_RECORDS,
      // No record makes reading fail; should one do so all the same, the receipt stays open, and is seen there.
      deadLetter: ({ topic, partition, offset }, { code }) => {
        logger.error({ topic, partition, offset, code }, 'ledger.record-passed-over');
        return Promise.resolve();
      },
      probe: () => Promise.resolve(true),
      startPosition: (topic, partition) => this.#readings.position(topic, partition),
      passOver: (topic, partition, next) => {
        const reading = this.#readings.of(topic, partition);
        if (reading !== undefined && BigInt(next) > reading.next) reading.next = BigInt(next);
        return Promise.resolve();
      },
      closeWithin,
      onFatal,
    });
    for (const topic of LEDGER_TOPICS) {
      consumer.addHandler(topic, (records: readonly IncomingRecord[]) => this.#read(records, signal), true);
    }
    return consumer;
  }

  async #read(records: readonly IncomingRecord[], signal: AbortSignal): Promise<void> {
    const { topic, partition } = records[0]!;
    const reading = this.#readings.of(topic, partition);
    if (reading === undefined) throw new PositionMovedError(`${topic}/${partition} has not been asked for`);
    if (this.#readings.unwrittenRows() > MOST_FINDINGS)
      throw new TransientError('what was found cannot be written yet');
    // Read from elsewhere than this process has come to, or offsets that hold nothing: only another look there can tell.
    const { next } = reading;
    if (BigInt(records[0]!.offset) > next && reading.gapAt !== next) {
      reading.gapAt = next;
      throw new PositionMovedError(`${topic}/${partition} goes on behind ${next}`);
    }
    for (const record of records) this.#reader.read(record, reading.findings);
    const read = BigInt(records.at(-1)!.offset) + 1n;
    if (read > next) reading.next = read;
    await this.#keepPace(records.length, signal);
  }

  async #keepPace(records: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + (records * 1_000) / MOST_RECORDS;
    await pause(this.#freeAt - now, signal);
  }

  async #writeOrWarn(signal: AbortSignal): Promise<void> {
    try {
      await this.#write();
    } catch (error) {
      if (signal.aborted) return;
      this.#options.logger.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'ledger.not-written');
    }
  }

  async #write(): Promise<void> {
    const news = this.#readings.unwritten();
    if (news.length === 0) return;
    await this.#readings.forgetMadeAnew(news);
    const rawTopicId = await this.#readings.idOf(this.#topics['raw-receipts.v1']);
    const events = this.#topics['events.v1'];
    const projected = await this.#options.store.projected(events, await this.#readings.idOf(events));
    const stretches = new Map<ReadStretch, Reading>();
    for (const reading of news) {
      if (this.#readings.of(reading.topic, reading.partition) !== reading) continue;
      const stretch = close(reading);
      // An event has ended its receipt when the projector is past it.
      const isTrue = stretch.topic !== events || (projected.get(stretch.partition) ?? 0n) >= stretch.to;
      if (isTrue) stretches.set(stretch, reading);
    }
    if (stretches.size === 0) return;
    const written = await this.#options.store.write([...stretches.keys()], rawTopicId);
    for (const [stretch, reading] of stretches) {
      reading.closed = null;
      reading.stored = stretch.to;
      // Another process reads this partition, or the answer to an earlier commit was lost: ask for the position again.
      if (!written.has(stretch)) this.#readings.forget(reading);
    }
  }
}
