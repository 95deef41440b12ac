import 'reflect-metadata';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  BatchConsumer,
  BatchHandler,
  deadLetterRecord,
  GroupCommitProducer,
  type BatchConsumerOptions,
  type IncomingRecord,
} from '#kafka';
import { ignore, silentLogger } from '../system/silent-logger.js';
import { event, makeTopics, testKafka, type Topics } from './a-topic.js';

/** Works off a batch. */
export type Handle = (records: readonly IncomingRecord[]) => Promise<void>;
const HANDLE = Symbol('handle');

@Controller()
class EventsController {
  constructor(@Inject(HANDLE) private readonly handle: Handle) {}

  @BatchHandler('events.v1')
  work(records: readonly IncomingRecord[]): Promise<void> {
    return this.handle(records);
  }
}

@Module({})
class EventsModule {}

/** Consumers of `events.v1` under Nest, as the apps have them, and what they read. */
export class Consumers {
  /** Those that `fresh` has made last. */
  topics!: Topics;
  readonly producer = new GroupCommitProducer({ kafka: testKafka(), logger: silentLogger });
  readonly #running: { close(): Promise<void> }[] = [];

  /** Topics of which nobody has read anything, and so many records in them. What they hold. */
  async fresh(count: number, partitions = 3): Promise<string[]> {
    this.topics = await makeTopics(partitions);
    const values = Array.from({ length: count }, (_, at) => `v${at}`);
    await this.producer.publishAll(values.map((value) => event(this.topics, value)));
    return values;
  }

  async start(handle: Handle, overrides: Partial<BatchConsumerOptions> = {}) {
    const { topics, producer } = this;
    const consumer = new BatchConsumer({
      kafka: topics.kafka,
      logger: silentLogger,
      groupId: `${topics.prefix}group`,
      topicPrefix: topics.prefix,
      concurrency: 2,
      maxRecords: 100,
      probe: () => Promise.resolve(true),
      closeWithin: 10_000,
      onFatal: ignore,
      deadLetter: (record, { code, detail }) =>
        producer.publish(
          deadLetterRecord(topics.names['dead-letters.v1'], record, {
            code,
            detail,
            stage: 'projector',
            element: null,
            value: null,
            reader: 'test',
          }),
        ),
      ...overrides,
    });
    const module = {
      module: EventsModule,
      controllers: [EventsController],
      providers: [{ provide: HANDLE, useValue: handle }],
    };
    const app = await NestFactory.createMicroservice(module, { strategy: consumer, logger: false });
    await app.listen();
    this.#running.push(app);
    return { consumer, close: () => app.close() };
  }

  /** Ends those that run. */
  async stopAll(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((app) => app.close()));
  }

  async close(): Promise<void> {
    await this.producer.close();
  }
}
