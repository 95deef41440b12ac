import { consumerGroup, topicNames, type TopicNames } from '#contracts';
import {
  BatchConsumer,
  groupOffsets,
  pause,
  PositionMovedError,
  topicOffsets,
  TransientError,
  type IncomingRecord,
  type KafkaSettings,
  type TopicIdentity,
} from '#kafka';
import type { Logger } from '#runtime';
import type { BackgroundJob } from '../background-jobs.js';
import { topicIdOf } from '../store/topic-id.js';
import { Findings } from './findings.js';
import type { LedgerStore, ReadStretch } from './ledger-store.js';
import { LEDGER_TOPICS, RecordReader } from './read-record.js';

/** What reading along needs. */
export interface AuditorOptions {
  readonly kafka: KafkaSettings;
  readonly topicPrefix: string;
  readonly store: LedgerStore;
  /** Which topic of a name the cluster has now. */
  readonly identify: (topic: string) => Promise<TopicIdentity>;
  /** How long stopping may take, ms. */
  readonly closeWithin: number;
  readonly logger: Logger;
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

/** A partition that this process reads. */
interface Reading {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  /** The stored position, as far as we know. */
  stored: bigint;
  /** The offset to read next. */
  next: bigint;
  /** What was found since the last stretch was closed. */
  findings: Findings;
  /** A stretch that is to be written, and has not been. */
  closed: ReadStretch | null;
  /** A position at which the next record was not; it may be further on. */
  gapAt: bigint | null;
}

/**
 * Reads along what the stages read and write, and notes in the ledger which receipts there are and which have ended: a
 * witness, who trusts no stage's own count. Its own positions lie in Postgres beside what it noted, so however it ends,
 * nothing is noted twice or left out. The projectors share the work; none of them is held up or ended by it.
 */
export class Auditor implements BackgroundJob {
  readonly #options: AuditorOptions;
  readonly #topics: TopicNames;
  readonly #reader: RecordReader;
  readonly #readings = new Map<string, Reading>();
  /** Positions that are being asked for. */
  readonly #positions = new Map<string, Promise<string>>();
  /** `performance.now()` at which the next records may be read. */
  #freeAt = 0;
  /** Whether positions may lie outside their topics. */
  #isInDoubt = false;

  constructor(options: AuditorOptions) {
    this.#options = options;
    this.#topics = topicNames(options.topicPrefix);
    this.#reader = new RecordReader(this.#topics);
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
      this.#readings.clear();
      this.#isInDoubt = true;
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
      startPosition: (topic, partition) => this.#position(topic, partition),
      passOver: (topic, partition, next) => {
        const reading = this.#readings.get(`${topic}/${partition}`);
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
    const reading = this.#readings.get(`${topic}/${partition}`);
    if (reading === undefined) throw new PositionMovedError(`${topic}/${partition} has not been asked for`);
    if (this.#unwrittenRows() > MOST_FINDINGS) throw new TransientError('what was found cannot be written yet');
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

  #unwrittenRows(): number {
    let rows = 0;
    for (const { findings, closed } of this.#readings.values()) rows += findings.size + (closed?.findings.size ?? 0);
    return rows;
  }

  async #keepPace(records: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + (records * 1_000) / MOST_RECORDS;
    await pause(this.#freeAt - now, signal);
  }

  /** Asked from two sides when a partition is assigned: both get the same answer. */
  #position(topic: string, partition: number): Promise<string> {
    const name = `${topic}/${partition}`;
    let position = this.#positions.get(name);
    if (position === undefined) {
      position = this.#findPosition(topic, partition).finally(() => this.#positions.delete(name));
      this.#positions.set(name, position);
    }
    return position;
  }

  /** Where a partition is to be read from. What this process holds of it goes on from where it is. */
  async #findPosition(topic: string, partition: number): Promise<string> {
    const name = `${topic}/${partition}`;
    const topicId = await this.#idOf(topic);
    let reading = this.#readings.get(name);
    if (reading?.topicId !== topicId) {
      const next = await this.#storedPosition(topic, partition, topicId);
      const nothing = { findings: new Findings(), closed: null, gapAt: null };
      reading = { topic, partition, topicId, stored: next, next, ...nothing };
      this.#readings.set(name, reading);
    }
    return String(reading.next);
  }

  /**
   * What is stored; the beginning of the topic where nothing is, or nothing that is in it. What became of receipts that
   * the normaliser has read by then may be there no longer, or a version before left no trace of it.
   */
  async #storedPosition(topic: string, partition: number, topicId: string): Promise<bigint> {
    const { kafka, logger, store } = this.#options;
    const stored = await store.position(topic, partition);
    if (stored?.topicId === topicId && !this.#isInDoubt) return stored.next;
    // Asked first: what is committed is never beyond the end that is asked for after it, unless it is of another topic.
    const normalised = await this.#normalised(topic, partition);
    const { low, high } = (await topicOffsets(kafka, topic)).get(partition) ?? { low: 0n, high: 0n };
    if (stored?.topicId === topicId && stored.next >= low && stored.next <= high) return stored.next;
    if (stored !== null) {
      // Nobody can say what became of what was not read. It shows where fewer are in the topic than were accepted.
      logger.warn({ topic, partition, from: String(stored.next), to: String(low) }, 'ledger.records-gone');
    }
    const isMadeAnew = stored !== null && stored.topicId !== topicId;
    const isRead = !isMadeAnew && normalised > low && normalised <= high;
    await store.beginAt(topic, partition, { topicId, next: low }, isRead ? normalised : low);
    return low;
  }

  /** How far the normaliser is in the topic of raw receipts; 0 where it has not begun, and in other topics. */
  async #normalised(topic: string, partition: number): Promise<bigint> {
    if (topic !== this.#topics['raw-receipts.v1']) return 0n;
    const { kafka, topicPrefix } = this.#options;
    return (await groupOffsets(kafka, consumerGroup(topicPrefix, 'normaliser'), topic)).get(partition) ?? 0n;
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
    const news = [...this.#readings.values()].filter(({ stored, next, closed }) => closed !== null || next > stored);
    if (news.length === 0) return;
    await this.#forgetReadingsOfOtherTopics(news);
    const rawTopicId = await this.#idOf(this.#topics['raw-receipts.v1']);
    const events = this.#topics['events.v1'];
    const projected = await this.#options.store.projected(events, await this.#idOf(events));
    const stretches = new Map<ReadStretch, Reading>();
    for (const reading of news) {
      if (this.#readings.get(`${reading.topic}/${reading.partition}`) !== reading) continue;
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
      if (!written.has(stretch)) this.#readings.delete(`${reading.topic}/${reading.partition}`);
    }
  }

  /** Offsets of a topic that was made anew are those of other records. */
  async #forgetReadingsOfOtherTopics(readings: readonly Reading[]): Promise<void> {
    for (const topic of new Set(readings.map((reading) => reading.topic))) {
      const topicId = await this.#idOf(topic);
      for (const [name, reading] of this.#readings) {
        if (reading.topic === topic && reading.topicId !== topicId) this.#readings.delete(name);
      }
    }
  }

  async #idOf(topic: string): Promise<string> {
    return topicIdOf(await this.#options.identify(topic));
  }
}

/** What was found so far as a stretch; one that waits to be written is left as it is, and what comes gathers behind it. */
function close(reading: Reading): ReadStretch {
  if (reading.closed === null) {
    const { topic, partition, topicId, stored: from, next: to, findings } = reading;
    reading.closed = { topic, partition, topicId, from, to, findings };
    reading.findings = new Findings();
  }
  return reading.closed;
}
