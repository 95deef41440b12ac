import { setTimeout as sleep } from 'node:timers/promises';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { topicNames, type TopicName } from '#contracts';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { backoffDelay, DEFAULT_BACKOFF, pause } from './backoff.js';
import { createClient, type KafkaLogger, type KafkaSettings } from './client.js';
import { PositionMovedError, PositionOutsideLogError, type PermanentError } from './errors.js';
import { AbandonedError, processRecords } from './process-records.js';
import { incomingRecord, type IncomingRecord } from './records.js';

/** How a batch consumer reads. */
export interface BatchConsumerOptions {
  readonly kafka: KafkaSettings;
  readonly logger: KafkaLogger;
  readonly groupId: string;
  readonly topicPrefix: string;
  /** Partitions worked on at once in this process. */
  readonly concurrency: number;
  /** Records a handler gets at most in one call. */
  readonly maxRecords: number;
  /** Puts a record aside for good: durable when it resolves. */
  readonly deadLetter: (record: IncomingRecord, reason: PermanentError) => Promise<void>;
  /** Whether everything that the handlers need answers; asked before a record is blamed for an unexplained failure. */
  readonly probe: () => Promise<boolean>;
  /**
   * Where a partition is to be read from, where the handler keeps that beside its own data; asked once per assignment
   * and whenever the handler throws PositionMovedError. Null: from what the group has committed, else the beginning.
   */
  readonly startPosition?: (topic: string, partition: number) => Promise<string | null>;
  /** The consumer has died for good; the process should end. */
  readonly onFatal: (error: Error) => void;
}

/** How a consumer is doing. */
export interface ConsumerHealth {
  readonly healthy: boolean;
  readonly detail: string;
}

/** A batch that has been failing for longer than this turns readiness red: ms. */
const TROUBLE_AFTER = 5_000;
/** A process that died is noticed after this, ms. Heartbeats go on while a batch is worked on, so it may be short. */
const SESSION_TIMEOUT = 10_000;
const HEARTBEAT_INTERVAL = 2_000;
/** How long closing waits for a connection that is being made, ms. */
const GIVE_UP_CONNECTING = 500;

/**
 * Consumes whole batches under Nest's handlers, dependency injection and life cycle. Offsets are committed only after
 * the work is done; nothing is skipped; a record that can never be processed becomes a dead letter before its offset
 * is committed. A group without offsets starts at the beginning.
 */
export class BatchConsumer extends Server implements CustomTransportStrategy {
  readonly #options: BatchConsumerOptions;
  readonly #stopping = new AbortController();
  readonly #handlers = new Map<string, (records: readonly IncomingRecord[]) => Promise<void>>();
  /** Partitions whose position has been checked since they were assigned. */
  readonly #positioned = new Set<string>();
  /** Partitions that were told to seek and have not been read since. */
  readonly #sought = new Set<string>();
  readonly #trouble = new Map<string, { since: number; text: string }>();
  #consumer: Consumer | null = null;
  #joined = false;
  #died: Error | null = null;
  #connecting: Promise<void> | null = null;

  constructor(options: BatchConsumerOptions) {
    super();
    this.#options = options;
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
    this.#connecting = this.#connect();
    callback();
  }

  /** Stops after the batch in hand, or in the middle of its retries, and leaves the group. */
  override async close(): Promise<void> {
    this.#stopping.abort();
    // Without a broker, connecting goes on trying for a while. There is nothing to finish then.
    await Promise.race([this.#connecting, sleep(GIVE_UP_CONNECTING, undefined, { ref: false })]);
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

  /** Whether records are being worked off, as far as this process can tell. */
  health(): ConsumerHealth {
    if (this.#died) return { healthy: false, detail: `died: ${this.#died.message}` };
    if (!this.#joined) return { healthy: false, detail: 'has not joined its consumer group yet' };
    const now = Date.now();
    for (const [partition, { since, text }] of this.#trouble) {
      if (now - since > TROUBLE_AFTER) {
        const seconds = Math.round((now - since) / 1000);
        return { healthy: false, detail: `${partition} has been failing for ${seconds} s: ${text}` };
      }
    }
    return { healthy: true, detail: 'consuming' };
  }

  async #connect(): Promise<void> {
    const { kafka, groupId, logger } = this.#options;
    for (let attempt = 1; !this.#isStopping(); attempt++) {
      const consumer = createClient(kafka, logger).consumer({
        groupId,
        sessionTimeout: SESSION_TIMEOUT,
        rebalanceTimeout: 6 * SESSION_TIMEOUT,
        heartbeatInterval: HEARTBEAT_INTERVAL,
        maxWaitTimeInMs: 250,
        metadataMaxAge: 60_000,
        allowAutoTopicCreation: false,
        retry: {
          retries: 10,
          initialRetryTime: 100,
          maxRetryTime: 1_000,
          restartOnFailure: () => Promise.resolve(true),
        },
      });
      try {
        this.#watch(consumer);
        await consumer.connect();
        if (this.#isStopping()) {
          await consumer.disconnect();
          return;
        }
        await consumer.subscribe({ topics: [...this.#handlers.keys()], fromBeginning: true });
        this.#consumer = consumer;
        await consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: this.#options.concurrency,
          eachBatch: (payload) => this.#onBatch(payload),
        });
        return;
      } catch (error) {
        this.#consumer = null;
        await consumer.disconnect().catch(() => undefined);
        logger.warn(
          { attempt, reason: errorText(error) },
          `Cannot consume from Kafka at ${kafka.brokers.join(', ')}: check KAFKA_BROKERS, and that the topics are set up; trying again`,
        );
        await pause(backoffDelay(DEFAULT_BACKOFF, attempt), this.#stopping.signal);
      }
    }
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  #watch(consumer: Consumer): void {
    const { logger, groupId } = this.#options;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.#positioned.clear();
      this.#sought.clear();
      this.#trouble.clear();
      this.#joined = true;
      logger.info({ groupId, assigned: payload.memberAssignment }, 'kafka.group-joined');
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      this.#joined = false;
      // kafkajs starts again by itself after errors that it calls retriable. After any other it stays up, doing nothing.
      if (!payload.restart) this.#die(payload.error);
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
    const name = `${batch.topic}/${batch.partition}`;
    const ownership = new Ownership(payload, this.#stopping.signal);
    try {
      if (await this.#isElsewhere(payload, name)) return;
      await this.#work(payload, name, ownership.signal);
      payload.resolveOffset(batch.lastOffset());
      await this.#commit(payload);
    } catch (error) {
      if (ownership.lost) throw ownership.lost;
      if (error instanceof PositionMovedError) {
        this.#positioned.delete(name);
        await this.#isElsewhere(payload, name).catch((failure: unknown) => {
          this.#noteTrouble(name, failure);
        });
      } else if (error instanceof PositionOutsideLogError) {
        this.#die(error);
      } else if (!(error instanceof AbandonedError)) {
        this.#noteTrouble(name, error);
      }
    } finally {
      ownership.release();
    }
  }

  async #work({ batch }: EachBatchPayload, name: string, signal: AbortSignal): Promise<void> {
    const handle = this.#handlers.get(batch.topic);
    if (!handle) throw new Error(`no handler for ${batch.topic}`);
    const records = batch.messages.map((message) => incomingRecord(batch.topic, batch.partition, message));
    for (let at = 0; at < records.length; at += this.#options.maxRecords) {
      await processRecords(records.slice(at, at + this.#options.maxRecords), {
        handle,
        deadLetter: this.#options.deadLetter,
        probe: this.#options.probe,
        onTrouble: (error) => {
          this.#noteTrouble(name, error);
        },
        signal,
      });
    }
  }

  /** Whether the partition is to be read from somewhere else; if so the consumer has been told to. */
  async #isElsewhere({ batch }: EachBatchPayload, name: string): Promise<boolean> {
    if (!this.#options.startPosition || this.#positioned.has(name)) return false;
    const position = await this.#options.startPosition(batch.topic, batch.partition);
    const { fetchedOffset } = batch as unknown as { fetchedOffset: string };
    if (position === null || position === fetchedOffset) {
      this.#positioned.add(name);
      this.#sought.delete(name);
      return false;
    }
    // A seek to where the log does not reach is answered from its beginning: without this check that would go on for ever.
    if (BigInt(position) > BigInt(batch.highWatermark) || this.#sought.has(name)) {
      throw new PositionOutsideLogError(
        `${name} is stored as processed up to ${position}, but Kafka has ${batch.firstOffset() ?? '?'} to ${batch.highWatermark}: ` +
          'the topic was made anew or its records are gone; see docs/errors.md',
      );
    }
    this.#sought.add(name);
    this.#consumer?.seek({ topic: batch.topic, partition: batch.partition, offset: position });
    return true;
  }

  async #commit(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const offset = String(BigInt(batch.lastOffset()) + 1n);
    try {
      await payload.commitOffsetsIfNecessary({
        topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }],
      });
    } catch (error) {
      // The work is done: at worst it is done again. The next batch commits more; a rebalance shows at the next heartbeat.
      this.#options.logger.debug({ reason: errorText(error) }, 'kafka.commit-failed');
    }
  }

  #noteTrouble(name: string, error: unknown): void {
    if (error === null) {
      if (this.#trouble.delete(name)) this.#options.logger.info({ partition: name }, 'kafka.work-resumed');
      return;
    }
    const text = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
    const known = this.#trouble.get(name);
    this.#trouble.set(name, { since: known?.since ?? Date.now(), text });
    this.#options.logger.warn({ partition: name, reason: text }, 'kafka.work-failed');
  }
}

/** Keeps the group membership alive while a batch is worked on, and tells when the batch is no longer ours. */
class Ownership {
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #stopping: AbortSignal;
  readonly #onStop = () => {
    this.#abort.abort();
  };
  /** What the coordinator said when it took the partition away. kafkajs needs to see it to rejoin. */
  lost: Error | null = null;

  constructor(payload: EachBatchPayload, stopping: AbortSignal) {
    this.#stopping = stopping;
    stopping.addEventListener('abort', this.#onStop);
    if (stopping.aborted) this.#abort.abort();
    this.#timer = setInterval(() => {
      if (!payload.isRunning() || payload.isStale()) this.#abort.abort();
      payload.heartbeat().catch((error: unknown) => {
        if (!isGroupError(error)) return;
        this.lost = error;
        this.#abort.abort();
      });
    }, HEARTBEAT_INTERVAL / 2);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  release(): void {
    clearInterval(this.#timer);
    this.#stopping.removeEventListener('abort', this.#onStop);
  }
}

const GROUP_ERRORS = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

function isGroupError(error: unknown): error is Error {
  return error instanceof Error && 'type' in error && GROUP_ERRORS.has(String(error.type));
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
