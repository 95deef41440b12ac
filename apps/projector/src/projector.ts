import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import { consumerGroup, topicNames } from '#contracts';
import {
  BatchConsumer,
  deadLetterRecord,
  GroupCommitProducer,
  LAG_LOOK_EVERY,
  pause,
  RecordTooLargeError,
  TopicIdentities,
  type DeadLetter,
  type IncomingRecord,
  type PermanentError,
} from '#kafka';
import {
  describeError,
  publishMetrics,
  registerConsumerMetrics,
  softwareVersion,
  type Environment,
  type Logger,
  type StageParts,
} from '#runtime';
import { inTracedBatch, type Tracing } from '#tracing';
import type { BackgroundJobs } from './background-jobs.js';
import { batchLine, deadLetterLine } from './batch-line.js';
import { ErasureRecall } from './erasures/erasure-recall.js';
import { projectorJobs } from './projector-jobs.js';
import { ProjectorMetrics } from './projector-metrics.js';
import { MAX_EVENTS, projectBatch, putAside, type ProjectorParts } from './project-batch.js';
import { passOver } from './pass-over.js';
import { ErasureStore } from './store/erasures.js';
import { Offsets } from './store/offsets.js';
import { PostgresError } from './store/postgres-errors.js';
import { query } from './store/query.js';
import { sessionSettings } from './store/session.js';

/** What Nest injects the projector by. */
export const PROJECTOR = Symbol('projector');

/** Partitions projected at once: while one waits for Postgres or Kafka, another merges. */
const CONCURRENCY = 6;
/**
 * A send may take this long, ms, or a third of the grace: a batch may have to wait for two, and must still be given up in
 * time when the process stops. A transaction must outlive that.
 */
const SEND_TIMEOUT = 10_000;

/** An operator's transaction may hold a row for longer; then the batch is given back and tried again. ms */
const LOCK_TIMEOUT = 2_000;

/** What a stopping process gives each of its parts for the step that it is at, ms. */
const LAST_STEPS = 1_000;

function letterOf({ code, detail }: PermanentError): DeadLetter {
  return { code, detail, stage: 'projector', element: null, value: null, reader: softwareVersion() };
}

async function withinLastSteps(ending: Promise<unknown>): Promise<void> {
  await Promise.race([ending, pause(LAST_STEPS, new AbortController().signal)]);
}

/** Connections for the batches, and one for what is asked beside them. */
function openPool(
  { databaseUrl, clientId }: Pick<Environment, 'clientId'> & { readonly databaseUrl: string },
  logger: Logger,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: clientId,
    max: CONCURRENCY + 1,
    // A session of ours that hangs must not keep others from its rows for ever.
    ...sessionSettings(3 * SEND_TIMEOUT),
    // While it waits for a lock, a batch holds up the partitions beside it.
    lock_timeout: LOCK_TIMEOUT,
    idle_in_transaction_session_timeout: 3 * SEND_TIMEOUT,
  });
  // Without a listener the server going away ends the process.
  pool.on('error', (error) => {
    logger.warn({ err: describeError(error) }, 'postgres.connection-lost');
  });
  return pool;
}

/** Merges events into Postgres and publishes what changed: the connections, and the wiring between them. */
export class Projector implements OnModuleInit, OnApplicationShutdown {
  readonly consumer: BatchConsumer;
  readonly #pool: pg.Pool;
  readonly #producer: GroupCommitProducer;
  readonly #identities: TopicIdentities;
  readonly #jobs: BackgroundJobs;
  readonly #parts: ProjectorParts;
  readonly #group: string;
  readonly #logger: Logger;
  readonly #metrics: ProjectorMetrics;

  constructor(
    environment: Environment & { readonly databaseUrl: string },
    logger: Logger,
    { health, metrics, onFatal }: StageParts,
    private readonly tracing: Tracing | null,
  ) {
    const { kafka } = environment;
    const topics = topicNames(environment.topicPrefix);
    this.#logger = logger;
    this.#group = consumerGroup(environment.topicPrefix, 'projector');
    this.#pool = openPool(environment, logger);
    this.#producer = new GroupCommitProducer({
      kafka,
      logger,
      sendTimeout: Math.min(SEND_TIMEOUT, environment.shutdownGrace / 3),
      onSend: publishMetrics(metrics.registry),
    });
    this.#identities = new TopicIdentities(kafka, logger);
    this.#metrics = new ProjectorMetrics(metrics.registry);
    this.#metrics.watchConnections(this.#pool);
    this.#parts = {
      pool: this.#pool,
      offsets: new Offsets(this.#pool, (topic) => this.#identities.current(topic)),
      erasures: new ErasureStore(environment.erasureKey),
      topics,
      publishAll: (records) => this.#producer.publishAll(records),
      deadLetter: (record, reason) => deadLetterRecord(topics['dead-letters.v1'], record, letterOf(reason)),
    };
    const { erasures, publishAll } = this.#parts;
    const places = { pool: this.#pool, kafka, topic: topics['erasures.v1'], publishAll };
    const recall = new ErasureRecall(places, erasures, logger);
    this.consumer = new BatchConsumer({
      kafka,
      logger,
      groupId: this.#group,
      reader: softwareVersion(),
      topicPrefix: environment.topicPrefix,
      concurrency: CONCURRENCY,
      maxRecords: MAX_EVENTS,
      deadLetter: (record, reason) => this.#putAside(record, reason),
      probe: () => this.#everythingAnswers(),
      startPosition: async (topic, partition) => {
        await recall.recall();
        return this.#parts.offsets.position(topic, partition);
      },
      passOver: (topic, partition, next) => passOver(this.#parts, topic, partition, next),
      lagLookEvery: LAG_LOOK_EVERY,
      closeWithin: environment.shutdownGrace / 3,
      onFatal,
    });
    registerConsumerMetrics(metrics.registry, () => this.consumer.progress());
    this.#jobs = projectorJobs({
      ...this.#parts,
      environment,
      identities: this.#identities,
      metrics: this.#metrics,
      tracing,
      isWell: () => health.ready().healthy,
      closeWithin: LAST_STEPS,
      logger,
    });
    health.register('consumer', () => this.consumer.health());
    health.register('producer', () => ({
      healthy: this.#producer.connected,
      detail: this.#producer.connected ? 'connected' : 'not connected to Kafka',
    }));
  }

  onModuleInit(): void {
    void this.#producer.connect();
    this.#jobs.start();
  }

  /** Works off events of one partition, in order. What a throw means: see BatchHandler. */
  async project(events: readonly IncomingRecord[]): Promise<void> {
    const began = performance.now();
    const batch = await inTracedBatch(this.tracing, events, this.#group, (trace) =>
      projectBatch(events, this.#parts, trace),
    ).catch((error: unknown) => {
      if (error instanceof PostgresError) this.#metrics.databaseFailed();
      throw error;
    });
    const seconds = (performance.now() - began) / 1000;
    this.#metrics.projected(batch, seconds, Date.now());
    for (const failure of batch.deadLetters) this.#logger.warn(deadLetterLine(failure), 'event.dead-lettered');
    this.#logger.info(batchLine(events, batch), 'event.projected');
  }

  /** Nest calls this after the consumer has stopped. */
  async onApplicationShutdown(): Promise<void> {
    // What they do is harmless to break off: it is done again. A Kafka or Postgres that hangs must not hold us up.
    await withinLastSteps(this.#jobs.stop());
    // The consumer has stopped: no batch waits for what is not sent yet.
    await this.#producer.close(LAST_STEPS);
    await withinLastSteps(this.#identities.close());
    // A transaction that is still open is rolled back by the server.
    await withinLastSteps(this.#pool.end());
  }

  async #putAside(record: IncomingRecord, reason: PermanentError): Promise<void> {
    await inTracedBatch(this.tracing, [record], this.#group, async (trace) => {
      trace?.reject(record, reason.code);
      await this.#putAsideFitting(record, reason);
    });
    this.#metrics.deadLetter(reason.code);
    this.#logger.warn(deadLetterLine({ record, reason }), 'event.dead-lettered');
  }

  async #putAsideFitting(record: IncomingRecord, reason: PermanentError): Promise<void> {
    try {
      await putAside(record, reason, this.#parts);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      // With its headers it is more than the topic of dead letters takes: the bytes stay where they are.
      const letter = { ...letterOf(reason), maxValueBytes: -1 };
      const deadLetter = () => deadLetterRecord(this.#parts.topics['dead-letters.v1'], record, letter);
      await putAside(record, reason, { ...this.#parts, deadLetter });
    }
  }

  async #everythingAnswers(): Promise<boolean> {
    if (!this.#producer.connected) return false;
    return query(this.#pool, { text: 'SELECT 1' }).then(
      () => true,
      () => false,
    );
  }
}
