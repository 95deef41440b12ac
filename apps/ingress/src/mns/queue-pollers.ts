import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { OutgoingRecord, PublishOptions } from '#kafka';
import type { Logger, QueueDoor, Source } from '#runtime';
import { queueRecord, recordTemplate } from '../receipt-record.js';
import { MnsQueue } from './mns-queue.js';
import { endpointsOf, type EndpointOverrides } from './queue-endpoints.js';
import type { QueueMetrics } from './queue-metrics.js';
import { QueuePoller } from './queue-poller.js';
import { ownKey, QueueTokens, type CredentialSource } from './queue-tokens.js';

/** What the pollers need. */
export interface QueuePollersParts {
  readonly sources: ReadonlyMap<string, Source>;
  readonly overrides: EndpointOverrides;
  /** Full name of the topic of raw receipts. */
  readonly topic: string;
  readonly publish: (record: OutgoingRecord, options: PublishOptions) => Promise<void>;
  readonly hasRoom: () => boolean;
  /** Told of each receipt that Kafka has, and of its source. */
  readonly onAccepted: (source: string, record: OutgoingRecord) => void;
  readonly metrics: QueueMetrics;
  readonly logger: Logger;
}

/** Every source that has a queue is fetched from it, by as many replicas of the ingress as there are. */
export class QueuePollers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: QueuePollersParts;
  readonly #pollers: readonly QueuePoller[];
  readonly #paused: readonly string[];

  constructor(parts: QueuePollersParts) {
    this.#parts = parts;
    const tokens = new Map<string, CredentialSource>();
    const doors = [...parts.sources.values()].flatMap((source) =>
      source.mns === null ? [] : [{ source, mns: source.mns }],
    );
    this.#paused = doors.filter(({ mns }) => mns.paused).map(({ source }) => source.id);
    this.#pollers = doors
      .filter(({ mns }) => !mns.paused)
      .map(({ source, mns }) => this.#pollerOf(source, mns, tokens));
  }

  /** Ids of the sources that are fetched. */
  get sources(): readonly string[] {
    return this.#pollers.map(({ source }) => source);
  }

  /** Ids of those that are not, because they were told to pause. */
  get paused(): readonly string[] {
    return this.#paused;
  }

  onApplicationBootstrap(): void {
    for (const poller of this.#pollers) poller.start();
  }

  /** Before the producer closes: what Kafka confirms now can still be deleted. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.stop()));
  }

  #pollerOf(source: Source, mns: QueueDoor, tokens: Map<string, CredentialSource>): QueuePoller {
    const { overrides, topic, publish, hasRoom, onAccepted, metrics, logger } = this.#parts;
    const endpoints = endpointsOf(mns, overrides);
    const template = recordTemplate(source, 'mns', 'credentials', topic);
    return new QueuePoller({
      source: source.id,
      concurrency: mns.concurrency,
      wait: mns.wait,
      openQueue: (signal) =>
        new MnsQueue({
          endpoint: endpoints.queue,
          queue: mns.queue,
          credentials: this.#credentialsOf(mns, endpoints, tokens),
          connections: mns.concurrency,
          signal,
        }),
      toRecord: (message) => queueRecord(template, message),
      publish,
      hasRoom,
      onAccepted: (record) => {
        onAccepted(source.id, record);
      },
      metrics,
      logger,
    });
  }

  /** One token opens all queues of a message type. */
  #credentialsOf(
    { token, credentials, queue }: QueueDoor,
    endpoints: ReturnType<typeof endpointsOf>,
    tokens: Map<string, CredentialSource>,
  ): CredentialSource {
    if (token === null) return ownKey(credentials);
    const request = { endpoint: endpoints.token, regionId: endpoints.regionId, messageType: token.messageType };
    const key = JSON.stringify([request, credentials.accessKeyId]);
    const shared = tokens.get(key);
    if (shared !== undefined) return shared;
    const own = new QueueTokens({ ...request, queue, ...credentials }, (outcome) => {
      this.#parts.metrics.token(token.messageType, outcome);
    });
    tokens.set(key, own);
    return own;
  }
}
