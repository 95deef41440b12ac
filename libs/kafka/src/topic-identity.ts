import type { KafkaLogger, KafkaSettings } from './client.js';
import { createCluster, type Cluster } from './cluster.js';
import { errorText, TransientError } from './errors.js';
import {
  METADATA,
  topicIdentityRequest,
  type TopicIdentity,
  type TopicIdentityAnswer,
} from './topic-identity-request.js';
import { withTimeout } from './with-timeout.js';

/** How long the brokers may take to say which topic it is, ms. */
const ANSWER_WITHIN = 5_000;
/** There is no leader for a partition right now; which topic it is, is known all the same. */
const LEADER_NOT_AVAILABLE = 5;

/**
 * Tells which topic of a name it is that the cluster has now: a topic that was deleted and made anew has another id, and
 * a cluster that was set up anew, or is another one, has another cluster id. Offsets mean something in one of them only.
 */
export class TopicIdentities {
  readonly #settings: KafkaSettings;
  readonly #logger: KafkaLogger;
  readonly #running = new Map<string, Promise<TopicIdentity>>();
  readonly #waiting = new Map<string, Promise<TopicIdentity>>();
  #cluster: Cluster | null = null;

  constructor(settings: KafkaSettings, logger: KafkaLogger) {
    this.#settings = settings;
    this.#logger = logger;
  }

  /**
   * What is true after this call: an answer under way may be older, so those who come meanwhile share the next one.
   * @throws TransientError when the brokers do not answer, or have no such topic
   */
  current(topic: string): Promise<TopicIdentity> {
    const running = this.#running.get(topic);
    if (running === undefined) return this.#begin(topic);
    const waiting = this.#waiting.get(topic);
    if (waiting !== undefined) return waiting;
    const next = running
      .catch(() => undefined)
      .then(() => {
        this.#waiting.delete(topic);
        return this.#begin(topic);
      });
    this.#waiting.set(topic, next);
    return next;
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    const cluster = this.#cluster;
    this.#cluster = null;
    await cluster?.disconnect().catch(() => undefined);
  }

  #begin(topic: string): Promise<TopicIdentity> {
    const asked = this.#ask(topic).finally(() => {
      if (this.#running.get(topic) === asked) this.#running.delete(topic);
    });
    this.#running.set(topic, asked);
    return asked;
  }

  async #ask(topic: string): Promise<TopicIdentity> {
    this.#cluster ??= createCluster(this.#settings, this.#logger);
    let answer: TopicIdentityAnswer;
    try {
      answer = await withTimeout(identityOf(this.#cluster, topic), ANSWER_WITHIN);
    } catch (error) {
      // Whatever state the connection is in: the next question gets a fresh one. Not waited for: it may hang as the broker
      // does, and whoever asked must hear of it now.
      void this.close();
      throw new TransientError(`Kafka does not say which topic ${topic} is: ${errorText(error)}`, { cause: error });
    }
    const { errorCode, clusterId, topicId } = answer;
    if (errorCode !== 0 && errorCode !== LEADER_NOT_AVAILABLE) {
      throw new TransientError(`Kafka does not say which topic ${topic} is: error code ${errorCode}`);
    }
    return { clusterId, topicId };
  }
}

async function identityOf(cluster: Cluster, topic: string): Promise<TopicIdentityAnswer> {
  const broker = await cluster.brokerPool.findConnectedBroker();
  if ((broker.versions[METADATA.apiKey]?.maxVersion ?? 0) >= METADATA.apiVersion) {
    return broker.connectionPool.send(topicIdentityRequest(topic));
  }
  // Before Kafka 2.8 topics have no ids; the cluster's is told all the same.
  const { clusterId = null } = await broker.metadata([topic]);
  return { clusterId, topicId: null, errorCode: 0 };
}
