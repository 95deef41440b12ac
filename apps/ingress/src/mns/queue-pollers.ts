import { isDeepStrictEqual } from 'node:util';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { OutgoingRecord, PublishOptions } from '#kafka';
import type { Logger, QueueDoor, Source } from '#runtime';
import type { Tracing } from '#tracing';
import { queueRecord, recordTemplate, type RecordTemplate } from '../receipt-record.js';
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
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
}

/** What a poller is made from. While it is the same, the poller stays. */
interface Fetched {
  readonly id: string;
  readonly mns: QueueDoor;
  readonly template: RecordTemplate;
}

/** Every source that has a queue is fetched from it, by as many replicas of the ingress as there are. */
export class QueuePollers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: QueuePollersParts;
  /** By source. */
  #pollers: ReadonlyMap<string, { readonly of: Fetched; readonly poller: QueuePoller }> = new Map();
  #paused: readonly string[] = [];
  #phase: 'new' | 'running' | 'stopping' = 'new';
  readonly #leaving = new Set<Promise<void>>();

  constructor(parts: QueuePollersParts) {
    this.#parts = parts;
    this.prepare(parts.sources)();
  }

  /** Ids of the sources that are fetched. */
  get sources(): readonly string[] {
    return [...this.#pollers.keys()];
  }

  /** Ids of those that are not, because they were told to pause. */
  get paused(): readonly string[] {
    return this.#paused;
  }

  /**
   * Makes the pollers of other sources; what it returns lets them take over: who is no longer wanted stops after what he
   * holds, who is the same goes on as if nothing had happened.
   */
  prepare(sources: ReadonlyMap<string, Source>): () => void {
    const tokens = new Map<string, CredentialSource>();
    const all = [...sources.values()].flatMap((source): Fetched[] => {
      const { id, mns } = source;
      return mns === null
        ? []
        : [{ id, mns, template: recordTemplate(source, 'mns', 'credentials', this.#parts.topic) }];
    });
    const next = new Map(
      all
        .filter(({ mns }) => !mns.paused)
        .map((of) => {
          const known = this.#pollers.get(of.id);
          const stays = known !== undefined && isDeepStrictEqual(known.of, of);
          return [of.id, stays ? known : { of, poller: this.#pollerOf(of, tokens) }];
        }),
    );
    const paused = all.filter(({ mns }) => mns.paused).map(({ id }) => id);
    return () => {
      if (this.#phase === 'stopping') return;
      const before = this.#pollers;
      this.#pollers = next;
      this.#paused = paused;
      for (const [id, entry] of before) if (next.get(id) !== entry) this.#letGo(entry.poller);
      if (this.#phase === 'running') for (const { poller } of next.values()) poller.start();
    };
  }

  onApplicationBootstrap(): void {
    this.#phase = 'running';
    for (const { poller } of this.#pollers.values()) poller.start();
  }

  /** Before the producer closes: what Kafka confirms now can still be deleted. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#phase = 'stopping';
    const stopping = [...this.#pollers.values()].map(({ poller }) => poller.stop());
    await Promise.all([...stopping, ...this.#leaving]);
  }

  #letGo(poller: QueuePoller): void {
    const leaving = poller.stop().then(() => {
      this.#leaving.delete(leaving);
      // Nobody must be alarmed by the silence of a queue that nobody asks any more.
      if (!this.#pollers.has(poller.source)) this.#parts.metrics.forget(poller.source);
    });
    this.#leaving.add(leaving);
  }

  #pollerOf({ id, mns, template }: Fetched, tokens: Map<string, CredentialSource>): QueuePoller {
    const { overrides, publish, hasRoom, onAccepted, metrics, logger, tracing } = this.#parts;
    const endpoints = endpointsOf(mns, overrides);
    return new QueuePoller({
      source: id,
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
        onAccepted(id, record);
      },
      metrics,
      logger,
      tracing,
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
