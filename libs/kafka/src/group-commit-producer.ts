import type { PartitionerArgs, Producer, RecordMetadata, TopicMessages } from 'kafkajs';
import { backoffDelay, pause, type Backoff } from './backoff.js';
import { isTooLarge } from './classify.js';
import { createClient, type KafkaLogger, type KafkaSettings } from './client.js';
import { errorText, PublishFailedError, QueueFullError, QueueTimeoutError, RecordTooLargeError } from './errors.js';
import { FairQueue } from './fair-queue.js';
import { takesEncodedRecords } from './kafkajs/patched.js';
import { releaseRecord, type EncodedRecord } from './kafkajs/record-encoder.js';
import { partitionOf } from './murmur2.js';
import { PartitionRoom } from './partition-room.js';
import { withTimeout } from './with-timeout.js';
import type { OutgoingRecord } from './records.js';
import { connectionAdvice } from './security.js';
import { countdown, encode, type Waiting } from './waiting-record.js';

/** What bounds a producer. */
export interface GroupCommitProducerOptions {
  readonly kafka: KafkaSettings;
  readonly logger: KafkaLogger;
  /** Records that may wait; one more is refused. Default 20,000. */
  readonly maxQueuedRecords?: number;
  /** Bytes that may wait. Default 64 MiB. */
  readonly maxQueuedBytes?: number;
  /** ms that a send may take, kafkajs' own retries included, before its outcome counts as unknown. Default 10 s. */
  readonly sendTimeout?: number;
  /** Told of every send when it is over. */
  readonly onSend?: (send: FinishedSend) => void;
}

/** A send that is over. */
export interface FinishedSend {
  readonly records: number;
  readonly seconds: number;
  /** `failed`: whether Kafka has it is unknown. `too-large`: the broker refused it, and it is sent in parts. */
  readonly outcome: 'confirmed' | 'failed' | 'too-large';
}

/** How one record is published. */
export interface PublishOptions {
  /** `performance.now()` after which the record is no longer wanted: if it has not been sent by then, it never is. */
  readonly expiresAt?: number;
  /** Where records wait in several lines, these are served in turn: a long one does not hold up the others. */
  readonly line?: string;
}

/** Records of one send: here the cost per record has stopped falling, on both sides. */
const MAX_BATCH_RECORDS = 2_000;
/** Bytes of one send that go to one partition: a broker takes a batch of `message.max.bytes`, 1,048,588 by default. */
const MAX_PARTITION_BYTES = 1_000_000;
/** Bytes of one send: few enough to be confirmed within its time on a slow line, and far from what a broker takes at all. */
const MAX_SEND_BYTES = 8_000_000;
const RECONNECT_BACKOFF: Backoff = { first: 100, most: 2_000 };
/** Without a connection it is looked so often for records that are no longer wanted, ms: an attempt may take seconds. */
const EXPIRY_LOOK = 100;

/**
 * Publishes with acks=all, many records a send: at once when nothing is under way, and whatever has gathered meanwhile
 * when the send before is answered. So an idle producer adds no wait, and a busy one amortises the round trip.
 *
 * A promise from `publish` resolves only when all in-sync replicas have the record. When it rejects with
 * PublishFailedError the record may or may not be in the topic; with any other error it is not.
 */
export class GroupCommitProducer {
  readonly #options: Required<GroupCommitProducerOptions>;
  readonly #closing = new AbortController();
  readonly #queue = new FairQueue<Waiting>();
  #queuedBytes = 0;
  #sending = false;
  #producer: Producer | null = null;
  #connecting: Promise<Producer | null> | null = null;
  #spread = 0;
  /** By topic, as far as known. */
  readonly #partitionCounts = new Map<string, number>();
  /** The partitions that the records of the send under way go to, as `topic/partition`. */
  #chosen = new Set<string>();
  /** How many partitions were chosen for the send under way: more than it has records where it was tried again. */
  #choices = 0;
  #idle: (() => void) | null = null;

  constructor(options: GroupCommitProducerOptions) {
    this.#options = {
      maxQueuedRecords: 20_000,
      maxQueuedBytes: 64 * 1024 * 1024,
      sendTimeout: 10_000,
      onSend: ignore,
      ...options,
    };
  }

  /** Whether there is a producer that no send has failed on. */
  get connected(): boolean {
    return this.#producer !== null;
  }

  get queuedRecords(): number {
    return this.#queue.length;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Connects; tries again until it succeeds or the producer is closed. Needs not be awaited: publishing waits for it. */
  async connect(): Promise<void> {
    await this.#connected();
  }

  /**
   * Publishes one record.
   * @throws QueueFullError, QueueTimeoutError, RecordTooLargeError: the record was not sent
   * @throws PublishFailedError: its outcome is unknown
   */
  publish(record: OutgoingRecord, { expiresAt = Infinity, line = '' }: PublishOptions = {}): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.reject(new QueueFullError('the producer is closed'));
    if (
      this.#queue.length >= this.#options.maxQueuedRecords ||
      this.#queuedBytes + record.value.length > this.#options.maxQueuedBytes
    ) {
      return Promise.reject(new QueueFullError('the queue in front of Kafka is full'));
    }
    return new Promise((resolve, reject) => {
      const waiting = encode(record, { expiresAt, resolve, reject });
      if (waiting instanceof RecordTooLargeError) reject(waiting);
      else this.#enqueue(waiting, line);
    });
  }

  /**
   * Publishes records, all of them or an error: those of a batch in hand, so the queue's bounds, which are for
   * uninvited work, do not apply.
   * @throws RecordTooLargeError: which of them is too large; where only the broker finds it so, others may be in the topic
   * @throws PublishFailedError, QueueTimeoutError, QueueFullError: the outcome of at least one is unknown
   */
  async publishAll(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    if (this.#closing.signal.aborted) throw new QueueFullError('the producer is closed');
    // Whoever waits here holds a batch, perhaps a transaction: he must hear that Kafka is away.
    const settling = countdown(records.length, performance.now() + this.#options.sendTimeout);
    const encoded: Waiting[] = [];
    for (const record of records) {
      const waiting = encode(record, settling);
      if (waiting instanceof RecordTooLargeError) throw waiting;
      encoded.push(waiting);
    }
    for (const waiting of encoded) this.#enqueue(waiting, '');
    await settling.done;
  }

  /**
   * Sends what is queued, then disconnects. What cannot be sent in time is rejected.
   * @param within ms for the one, and again for the other; default: the send timeout
   */
  async close(within = this.#options.sendTimeout): Promise<void> {
    if (this.#closing.signal.aborted) return;
    if (this.#sending || this.#queue.length > 0) {
      const drained = new Promise<void>((resolve) => (this.#idle = resolve));
      await withTimeout(drained, within).catch(() => undefined);
    }
    this.#closing.abort();
    this.#rejectAll(new QueueFullError('the producer is closed'));
    const producer = this.#producer;
    this.#producer = null;
    // It would wait for the answer to what is still under way, which a broker that hangs never gives.
    if (producer) await withTimeout(producer.disconnect(), within).catch(() => undefined);
  }

  #enqueue(waiting: Waiting, line: string): void {
    this.#queue.push(line, waiting);
    this.#queuedBytes += waiting.size;
    if (this.#sending) return;
    this.#sending = true;
    // Not at once: whatever else arrived in this turn of the event loop travels along.
    setImmediate(() => void this.#sendUntilEmpty());
  }

  async #sendUntilEmpty(): Promise<void> {
    while (this.#queue.length > 0) {
      const producer = this.#producer ?? (await this.#connected());
      if (producer === null) break;
      const batch = this.#takeBatch();
      if (batch.length > 0) await this.#send(producer, batch);
    }
    this.#sending = false;
    this.#idle?.();
  }

  #takeBatch(): Waiting[] {
    const now = performance.now();
    const batch: Waiting[] = [];
    const room = new PartitionRoom(MAX_PARTITION_BYTES, MAX_SEND_BYTES, this.#partitionCounts);
    this.#queue.takeWhile((waiting) => {
      if (batch.length === MAX_BATCH_RECORDS) return false;
      const expired = waiting.expiresAt <= now;
      if (!expired && !room.take(waiting.topic, waiting.record.keyHash, waiting.size)) return false;
      this.#queuedBytes -= waiting.size;
      if (expired) waiting.reject(new QueueTimeoutError('not sent in the time allowed'));
      else batch.push(waiting);
      return true;
    });
    return batch;
  }

  /** @param isFirst none of the records was part of a send that failed */
  async #send(producer: Producer, batch: readonly Waiting[], isFirst = true): Promise<void> {
    const began = performance.now();
    const tell = (outcome: FinishedSend['outcome']): void => {
      this.#options.onSend({ records: batch.length, seconds: (performance.now() - began) / 1_000, outcome });
    };
    try {
      this.#chosen = new Set();
      this.#choices = 0;
      const answers = await withTimeout(
        producer.sendBatch({ acks: -1, timeout: this.#options.sendTimeout, topicMessages: this.#byTopic(batch) }),
        this.#options.sendTimeout,
      );
      this.#expectAll(answers);
      tell('confirmed');
      // Only after the next send has been handed to the socket: whoever hears of this one has much to do, and the broker
      // can work meanwhile.
      const isPlain = isFirst && this.#choices === batch.length;
      setImmediate(() => {
        for (const waiting of batch) {
          if (isPlain) releaseRecord(waiting.record);
          waiting.resolve();
        }
      });
    } catch (error) {
      // kafkajs takes the sequence numbers of a failed send back. If the batch did land, the broker would take the
      // next one of the same size for its repetition and drop it, and kafkajs would call that success.
      this.#discard(producer);
      tell(isTooLarge(error) ? 'too-large' : 'failed');
      if (isTooLarge(error)) {
        await this.#sendInHalves(batch);
        return;
      }
      this.#options.logger.warn({ records: batch.length, reason: errorText(error) }, 'kafka.publish-failed');
      const failure = new PublishFailedError(`Kafka did not confirm the send: ${errorText(error)}`, { cause: error });
      for (const waiting of batch) waiting.reject(failure);
    }
  }

  /** The brokers take less than we thought (`max.message.bytes`): find the record that is to blame, or send less at once. */
  async #sendInHalves(batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (batch.length === 1 && first) {
      const valueBytes = first.record.toMessage().value?.length ?? 0;
      first.reject(new RecordTooLargeError({ topic: first.topic, valueBytes }, first.size, null));
      return;
    }
    const middle = batch.length >> 1;
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      const producer = await this.#connected();
      if (producer) await this.#send(producer, half, false);
      else for (const waiting of half) waiting.reject(new QueueFullError('the producer is closed'));
    }
  }

  #byTopic(batch: readonly Waiting[]): TopicMessages[] {
    this.#spread += 1;
    const topics = new Map<string, TopicMessages>();
    for (const { topic, record } of batch) {
      let entry = topics.get(topic);
      if (!entry) topics.set(topic, (entry = { topic, messages: [] }));
      entry.messages.push(takesEncodedRecords ? record : record.toMessage());
    }
    return [...topics.values()];
  }

  #connected(): Promise<Producer | null> {
    if (this.#producer) return Promise.resolve(this.#producer);
    this.#connecting ??= this.#connectUntilClosed().finally(() => (this.#connecting = null));
    return this.#connecting;
  }

  async #connectUntilClosed(): Promise<Producer | null> {
    const expiry = setInterval(() => {
      this.#dropExpired();
    }, EXPIRY_LOOK);
    try {
      return await this.#tryUntilClosed();
    } finally {
      clearInterval(expiry);
    }
  }

  async #tryUntilClosed(): Promise<Producer | null> {
    for (let attempt = 1; !this.#closing.signal.aborted; attempt++) {
      const producer = this.#newProducer();
      try {
        await withTimeout(producer.connect(), this.#options.sendTimeout);
        this.#producer = producer;
        this.#options.logger.info({ attempt }, 'kafka.producer-connected');
        return producer;
      } catch (error) {
        void producer.disconnect().catch(() => undefined);
        const { brokers } = this.#options.kafka;
        const advice = `${connectionAdvice(error, 'check KAFKA_BROKERS and that the brokers run')}; trying again`;
        this.#options.logger.warn(
          { attempt, brokers, reason: errorText(error), advice },
          'kafka.producer-not-connected',
        );
        await pause(backoffDelay(RECONNECT_BACKOFF, attempt), this.#closing.signal);
      }
    }
    return null;
  }

  #newProducer(): Producer {
    return createClient(this.#options.kafka, this.#options.logger).producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      createPartitioner: () => (choice) => this.#partition(choice),
      retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
    });
  }

  #discard(producer: Producer): void {
    if (this.#producer === producer) this.#producer = null;
    void producer.disconnect().catch(() => undefined);
    // At once, not with the next record: whoever follows our readiness sends none until we are connected.
    if (!this.#closing.signal.aborted) void this.#connected();
  }

  #dropExpired(): void {
    const now = performance.now();
    for (const waiting of this.#queue.remove((each) => each.expiresAt <= now)) {
      this.#queuedBytes -= waiting.size;
      waiting.reject(new QueueTimeoutError('not sent in the time allowed'));
    }
  }

  #rejectAll(reason: Error): void {
    this.#queuedBytes = 0;
    for (const waiting of this.#queue.remove(() => true)) waiting.reject(reason);
  }

  /** Records without a key go to one partition per send: the fewer partitions a send touches, the cheaper it is. */
  #partition(choice: PartitionerArgs): number {
    this.#choices += 1;
    const partition = this.#choose(choice);
    this.#chosen.add(`${choice.topic}/${partition}`);
    return partition;
  }

  /**
   * kafkajs sends to each broker once: when one fails and, by the time of the retry, its partition has moved to a broker
   * that has answered already, the records are never sent, and the send succeeds. So every partition must have answered.
   */
  #expectAll(answers: readonly RecordMetadata[]): void {
    const answered = new Set(answers.map(({ topicName, partition }) => `${topicName}/${partition}`));
    for (const partition of this.#chosen) {
      if (!answered.has(partition)) throw new Error('a partition moved during the send and has not answered');
    }
  }

  #choose({ topic, message, partitionMetadata }: PartitionerArgs): number {
    this.#partitionCounts.set(topic, partitionMetadata.length);
    const { keyHash } = message as unknown as Pick<EncodedRecord, 'keyHash'>;
    if (keyHash !== null) return partitionOf(keyHash, partitionMetadata.length);
    for (let step = 0; step < partitionMetadata.length; step++) {
      const candidate = partitionMetadata[(this.#spread + step) % partitionMetadata.length];
      if (candidate && candidate.leader >= 0) return candidate.partitionId;
    }
    return this.#spread % partitionMetadata.length;
  }
}

function ignore(): void {
  // Nobody wants to know.
}
