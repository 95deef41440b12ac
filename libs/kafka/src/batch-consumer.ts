import { setTimeout as sleep } from 'node:timers/promises';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { topicNames, type TopicName } from '#contracts';
import type { Consumer, EachBatchPayload, OffsetsByTopicPartition } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { backoffDelay, DEFAULT_BACKOFF, pause } from './backoff.js';
import type { BatchConsumerOptions, ConsumerHealth } from './batch-consumer-options.js';
import { classifyError } from './classify.js';
import { ConsumerProgress, type TopicProgress } from './consumer-progress.js';
import { errorText, PositionMovedError, PositionOutsideLogError } from './errors.js';
import { groupMember } from './group-member.js';
import { lookForLag } from './lag-look.js';
import { Ownership } from './ownership.js';
import { Positions, type Fetched } from './positions.js';
import { AbandonedError, OutOfPatienceError, processRecords } from './process-records.js';
import { FetchedRecord, type IncomingRecord } from './records.js';
import { connectionAdvice, obstacleOf } from './security.js';
import { topicOffsets } from './topic-offsets.js';
import { Trouble } from './trouble.js';
import { WorkInHand } from './work-in-hand.js';

/**
 * kafkajs fetches again only when every batch of the fetch before is done: a partition that cannot go on would stop all
 * others. So after this time its batch is given back, and the partition rests before it is fetched again. ms
 */
const PATIENCE = 1_000;
/** A batch that has been failing for longer than this turns readiness red: ms. */
const TROUBLE_AFTER = 5_000;
/** Longer than any attempt takes that gets an answer, be it that Kafka did not answer in time: ms. */
const STUCK_AFTER = 15_000;
/** What is done is committed again after so many ms: a commit may have failed, or been lost or forgotten by the brokers. */
const COMMIT_AGAIN = 15_000;

/**
 * Consumes whole batches under Nest's handlers, dependency injection and life cycle. Offsets are committed only after
 * the work is done; nothing is skipped; a record that can never be processed becomes a dead letter before its offset
 * is committed. A group without offsets starts at the beginning.
 */
export class BatchConsumer extends Server implements CustomTransportStrategy {
  readonly #options: BatchConsumerOptions;
  readonly #stopping = new AbortController();
  readonly #handlers = new Map<string, (records: readonly IncomingRecord[]) => Promise<void>>();
  readonly #positions: Positions;
  readonly #trouble = new Trouble();
  readonly #inHand = new WorkInHand();
  /** How often a partition has had to rest since it last went on. */
  readonly #rests = new Map<string, number>();
  #reader: string | undefined;
  /** What was said of it when we last asked to join the group. */
  #toldReader: string | undefined;
  #progress = new ConsumerProgress(new Map());
  #consumer: Consumer | null = null;
  /** Commits as the member of the group that we are now; null before the first batch. */
  #commits: ((offsets: OffsetsByTopicPartition) => Promise<void>) | null = null;
  #committedAll = 0;
  #joined = false;
  /** How often the group has dealt partitions to us. */
  #joins = 0;
  #died: Error | null = null;
  #connecting: Promise<void> | null = null;

  constructor(options: BatchConsumerOptions) {
    super();
    this.#options = options;
    this.#reader = options.reader;
    const { kafka, logger, startPosition } = options;
    const beginning = async (topic: string, partition: number) =>
      String((await topicOffsets(kafka, topic)).get(partition)?.low ?? 0n);
    this.#positions = new Positions(startPosition ? { stored: startPosition, beginning } : null, logger);
  }

  /** Called by Nest once the handlers are known. Returns at once: Kafka may come later than the process. */
  override listen(callback: () => void): void {
    const names = topicNames(this.#options.topicPrefix);
    for (const [pattern, handler] of this.messageHandlers) {
      this.#handlers.set(names[pattern as TopicName], async (records) => {
        const result: unknown = await handler(records);
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      });
    }
    const patterns = [...this.messageHandlers.keys()] as TopicName[];
    this.#progress = new ConsumerProgress(new Map(patterns.map((name) => [names[name], name])));
    this.#connecting = this.#connect();
    const { lagLookEvery: every, ...parts } = this.#options;
    if (every !== undefined) {
      void lookForLag({ ...parts, every, progress: this.#progress, signal: this.#stopping.signal });
    }
    callback();
  }

  /** Stops after the batch in hand, or in the middle of its retries, and leaves the group. */
  override async close(): Promise<void> {
    this.#stopping.abort();
    // With a broker that hangs or is away, the client goes on waiting for it. What is not committed is done again.
    await Promise.race([this.#leave(), sleep(this.#options.closeWithin, undefined, { ref: false })]);
  }

  /**
   * Something else reads from now on: the group is told within seconds. It deals its partitions out anew for that, so say it
   * only when it is so.
   */
  readsWith(reader: string): void {
    // The next heartbeat finds that it has not been told. Whoever is not in the group says it when he comes.
    if (this.#reader !== undefined) this.#reader = reader;
  }

  async #leave(): Promise<void> {
    await this.#connecting;
    const consumer = this.#consumer;
    this.#consumer = null;
    await consumer?.stop().catch(() => undefined);
    await consumer?.disconnect().catch(() => undefined);
  }

  override on(): never {
    throw new Error('a batch consumer has no events to listen to: ask health()');
  }

  override unwrap(): never {
    throw new Error('the Kafka client is not handed out');
  }

  /** How far the topics are worked off, as far as this process holds them. */
  progress(): readonly TopicProgress[] {
    return this.#progress.read();
  }

  /** Whether records are being worked off, as far as this process can tell. */
  health(): ConsumerHealth {
    if (this.#died) return { healthy: false, detail: `died: ${this.#died.message}` };
    if (!this.#joined) return { healthy: false, detail: 'has not joined its consumer group yet' };
    const trouble = this.#trouble.after(TROUBLE_AFTER);
    if (trouble) return { healthy: false, detail: trouble };
    const stuck = this.#inHand.stuck(STUCK_AFTER);
    if (stuck) return { healthy: false, detail: `${stuck.partition} has had no answer for ${stuck.seconds} s` };
    return { healthy: true, detail: 'consuming' };
  }

  async #connect(): Promise<void> {
    const { kafka, groupId, logger } = this.#options;
    for (let attempt = 1; !this.#isStopping(); attempt++) {
      const reader = this.#reader === undefined ? null : () => (this.#toldReader = this.#reader) ?? '';
      const goesOn = (): boolean => !this.#isStopping() && this.#consumer === consumer;
      const consumer: Consumer = groupMember({ kafka, logger, groupId, reader, goesOn });
      try {
        this.#watch(consumer);
        await consumer.connect();
        if (this.#isStopping()) {
          await consumer.disconnect();
          return;
        }
        await consumer.subscribe({ topics: [...this.#handlers.keys()], fromBeginning: true });
        this.#consumer = consumer;
        await this.#run(consumer);
        return;
      } catch (error) {
        this.#consumer = null;
        this.#joined = false;
        await consumer.disconnect().catch(() => undefined);
        const advice = `${connectionAdvice(error, 'check KAFKA_BROKERS, and that the topics are set up')}; trying again`;
        const fields = { attempt, brokers: kafka.brokers, reason: errorText(error), advice };
        logger.warn(fields, 'kafka.consumer-not-connected');
        await pause(backoffDelay(DEFAULT_BACKOFF, attempt), this.#stopping.signal);
      }
    }
  }

  #run(consumer: Consumer): Promise<void> {
    return consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#options.concurrency,
      eachBatch: (payload) => this.#onBatch(payload),
    });
  }

  /**
   * Who leaves and comes back says anew what he reads with; of what is in hand, the attempt under way comes to its end
   * before. Another one comes back: a client that fails at the same moment starts again by itself, and would be in the group
   * twice.
   */
  async #rejoin(): Promise<void> {
    const consumer = this.#consumer;
    // Several heartbeats may have found the same.
    if (consumer === null || !this.#joined || this.#toldReader === this.#reader || this.#isStopping()) return;
    this.#consumer = null;
    this.#commits = null;
    await consumer.disconnect().catch(() => undefined);
    await this.#connect();
  }

  /** A password is being exchanged: whoever connects reads it again, and goes on trying until it is the right one. */
  #beginAnew(): void {
    this.#consumer = null;
    const rest = (): Promise<void> => pause(backoffDelay(DEFAULT_BACKOFF, 4), this.#stopping.signal);
    this.#connecting = this.#connecting?.then(rest).then(() => this.#connect()) ?? null;
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  #watch(consumer: Consumer): void {
    const { logger, groupId } = this.#options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      if (this.#consumer !== consumer) return;
      this.#positions.reset();
      this.#commits = null;
      this.#trouble.clear();
      this.#joined = true;
      this.#progress.assigned(payload.memberAssignment);
      void this.#seekAssigned(payload.memberAssignment);
      logger.info({ groupId, assigned: payload.memberAssignment }, 'kafka.group-joined');
    });
    consumer.on(consumer.events.HEARTBEAT, () => {
      void this.#commitAgain();
      if (this.#toldReader !== this.#reader) this.#connecting = this.#connecting?.then(() => this.#rejoin()) ?? null;
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (this.#consumer !== consumer) return;
      this.#joined = false;
      // kafkajs starts again by itself after errors that it calls retriable. After any other it stays up, doing nothing.
      if (payload.restart) return;
      if (obstacleOf(payload.error) === 'login') this.#beginAnew();
      else this.#die(payload.error);
    });
  }

  #die(error: Error): void {
    if (this.#died || this.#isStopping()) return;
    this.#died = error;
    this.#options.logger.error({ reason: error.message }, 'kafka.consumer-died');
    this.#options.onFatal(error);
  }

  /** Nothing may escape but what makes kafkajs rejoin the group: any other error would stop its fetchers, some for good. */
  async #onBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { fetchedOffset } = batch as unknown as { fetchedOffset: string };
    const fetched = { topic: batch.topic, partition: batch.partition, fetchedOffset };
    const name = `${batch.topic}/${batch.partition}`;
    const ownership = new Ownership(payload, this.#stopping.signal);
    this.#commits = (offsets) => payload.commitOffsetsIfNecessary(offsets);
    this.#inHand.begin(name);
    const [first] = batch.messages;
    const time = first === undefined ? null : Number(first.timestamp);
    this.#progress.fetched({ ...fetched, next: fetchedOffset, end: batch.highWatermark, time });
    try {
      const detour = await this.#positions.detour(fetched);
      if (detour !== null) {
        this.#seek(batch.topic, batch.partition, detour);
        return;
      }
      await this.#work(payload, fetched, ownership.signal);
      const next = String(BigInt(batch.lastOffset()) + 1n);
      await this.#passOver(payload, fetched, next);
      payload.resolveOffset(batch.lastOffset());
      this.#positions.advance(fetched, next);
      this.#progress.done(
        batch.topic,
        batch.partition,
        next,
        0,
        Number(batch.messages.at(-1)?.timestamp ?? Date.now()),
      );
      await this.#commit(payload, next);
    } catch (error) {
      if (ownership.lost) throw ownership.lost;
      if (error instanceof PositionOutsideLogError) this.#die(error);
      if (error instanceof AbandonedError || error instanceof PositionOutsideLogError) return;
      if (error instanceof OutOfPatienceError) {
        this.#rest(payload, name);
        return;
      }
      // Somebody else has moved the position, or it cannot be read: ask again, not at once.
      this.#positions.doubt(fetched);
      if (error instanceof PositionMovedError) this.#progress.failed(batch.topic, 'moved');
      else this.#noteTrouble(name, error);
      await pause(backoffDelay(DEFAULT_BACKOFF, 1), ownership.signal);
    } finally {
      ownership.release();
      this.#inHand.end(name);
    }
  }

  /** Lets a partition rest, longer each time, while the others go on. */
  #rest(payload: EachBatchPayload, name: string): void {
    const rests = (this.#rests.get(name) ?? 0) + 1;
    this.#rests.set(name, rests);
    const resume = payload.pause();
    setTimeout(resume, backoffDelay(DEFAULT_BACKOFF, rests)).unref();
  }

  async #work(payload: EachBatchPayload, fetched: Fetched, signal: AbortSignal): Promise<void> {
    const { batch } = payload;
    const name = `${batch.topic}/${batch.partition}`;
    const handle = this.#handlers.get(batch.topic);
    if (!handle) throw new Error(`no handler for ${batch.topic}`);
    const records = batch.messages.map((message) => new FetchedRecord(batch.topic, batch.partition, message));
    let done = 0;
    for (let at = 0; at < records.length; at += this.#options.maxRecords) {
      await processRecords(records.slice(at, at + this.#options.maxRecords), {
        handle,
        deadLetter: this.#options.deadLetter,
        probe: this.#options.probe,
        // Also when what comes after it has to be given back.
        onDone: (last) => {
          const next = String(BigInt(last.offset) + 1n);
          payload.resolveOffset(last.offset);
          this.#positions.advance(fetched, next);
          const before = done;
          done = records.indexOf(last as FetchedRecord, done) + 1;
          this.#progress.done(batch.topic, batch.partition, next, done - before, last.timestamp);
        },
        onTrouble: (error) => {
          this.#noteTrouble(name, error);
        },
        signal,
        patience: PATIENCE,
      });
    }
  }

  /** What has no record at its end leaves nothing to work on, and must be behind us all the same. */
  async #passOver({ batch: { messages } }: EachBatchPayload, fetched: Fetched, next: string): Promise<void> {
    const last = messages.at(-1);
    const done = last === undefined ? BigInt(fetched.fetchedOffset) : BigInt(last.offset) + 1n;
    if (done < BigInt(next)) await this.#options.passOver?.(fetched.topic, fetched.partition, next);
    if (last === undefined) this.#noteTrouble(`${fetched.topic}/${fetched.partition}`, null);
  }

  /** What is assigned is read from where the handler has come to, also where no new record would make us look. */
  async #seekAssigned(assignment: Readonly<Record<string, readonly number[]>>): Promise<void> {
    const joins = ++this.#joins;
    let left = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    for (let attempt = 1; ; attempt++) {
      const unknown: typeof left = [];
      for (const place of left) if (!(await this.#seekStored(place))) unknown.push(place);
      if (unknown.length === 0) return;
      left = unknown;
      await pause(backoffDelay(DEFAULT_BACKOFF, attempt), this.#stopping.signal);
      if (this.#isStopping() || joins !== this.#joins) return;
    }
  }

  /** @returns whether the position could be asked for */
  async #seekStored({ topic, partition }: { readonly topic: string; readonly partition: number }): Promise<boolean> {
    try {
      const offset = await this.#positions.start(topic, partition);
      if (offset !== null) this.#seek(topic, partition, offset);
      return true;
    } catch (error) {
      if (error instanceof PositionOutsideLogError) this.#die(error);
      this.#options.logger.debug({ topic, partition, reason: errorText(error) }, 'kafka.position-unknown');
      return error instanceof PositionOutsideLogError;
    }
  }

  #seek(topic: string, partition: number, offset: string): void {
    this.#consumer?.seek({ topic, partition, offset });
    this.#progress.sought(topic, partition, offset);
  }

  async #commit({ batch, ...payload }: EachBatchPayload, offset: string): Promise<void> {
    try {
      await payload.commitOffsetsIfNecessary({
        topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }],
      });
    } catch (error) {
      // The work is done: at worst it is done again. The next batch commits more; a rebalance shows at the next heartbeat.
      this.#options.logger.debug({ reason: errorText(error) }, 'kafka.commit-failed');
    }
  }

  async #commitAgain(): Promise<void> {
    const now = performance.now();
    if (this.#commits === null || now - this.#committedAll < COMMIT_AGAIN) return;
    this.#committedAll = now;
    const byTopic = Map.groupBy(this.#positions.known(), ({ topic }) => topic);
    const topics = [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
    await this.#commits({ topics }).catch((error: unknown) => {
      this.#options.logger.debug({ reason: errorText(error) }, 'kafka.commit-failed');
    });
  }

  #noteTrouble(name: string, error: unknown): void {
    this.#inHand.begin(name);
    if (error === null) {
      this.#rests.delete(name);
      if (this.#trouble.end(name)) this.#options.logger.info({ partition: name }, 'kafka.work-resumed');
      return;
    }
    this.#progress.failed(name.slice(0, name.lastIndexOf('/')), classifyError(error));
    const text = this.#trouble.note(name, error);
    this.#options.logger.warn({ partition: name, reason: text }, 'kafka.work-failed');
  }
}
