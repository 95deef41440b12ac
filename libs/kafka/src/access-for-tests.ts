import type { AccessRule } from '#contracts';
import { silentLogger } from '../../../test/system/silent-logger.js';
import { createClient, type KafkaSettings } from './client.js';
import { kafkajs } from './kafkajs/patched.js';
import { createCluster } from './cluster.js';

/** Lets users do what the rules say, as an operator would with Kafka's own tools. */
export async function grantAccess(
  kafka: KafkaSettings,
  grants: ReadonlyMap<string, readonly AccessRule[]>,
): Promise<void> {
  const { AclResourceTypes, AclOperationTypes, AclPermissionTypes, ResourcePatternTypes } = kafkajs;
  const acl = [...grants].flatMap(([user, rules]) =>
    rules.flatMap(({ resource, name, operations }) =>
      operations.map((operation) => ({
        principal: `User:${user}`,
        host: '*',
        resourceType: resource === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
        resourceName: name,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        operation: AclOperationTypes[operation.toUpperCase() as Uppercase<typeof operation>],
        permissionType: AclPermissionTypes.ALLOW,
      })),
    ),
  );
  const admin = createClient(kafka, silentLogger).admin();
  await admin.connect();
  try {
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
}

/** The parts of kafkajs' own classes that are used here: each sends one request and throws what the broker objects to. */
interface Broker {
  metadata(topics: readonly string[]): Promise<unknown>;
  produce(request: object): Promise<unknown>;
  fetch(request: object): Promise<unknown>;
  createTopics(request: object): Promise<unknown>;
  heartbeat(request: object): Promise<unknown>;
}
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  readonly brokerPool: { findConnectedBroker(): Promise<Broker> };
}

/** What a user can do with a topic or a group, tried out. */
export interface Attempts {
  writes(topic: string): Promise<boolean>;
  reads(topic: string): Promise<boolean>;
  creates(topic: string): Promise<boolean>;
  /** Sees that there is such a topic. */
  sees(topic: string): Promise<boolean>;
  joins(group: string): Promise<boolean>;
  end(): Promise<void>;
}

/** Requests of one user to a broker, each sent as it is: none of the client's own questions comes before it. */
export async function attemptsOf(kafka: KafkaSettings): Promise<Attempts> {
  const cluster = createCluster(kafka, silentLogger) as unknown as Cluster;
  await cluster.connect();
  const broker = await cluster.brokerPool.findConnectedBroker();
  const one = (topic: string, partition: object) => [{ topic, partitions: [{ partition: 0, ...partition }] }];
  return {
    writes: (topic) =>
      allowed(
        broker.produce({ acks: -1, timeout: 1_000, topicData: one(topic, { messages: [{ key: 'k', value: 'v' }] }) }),
      ),
    reads: (topic) =>
      allowed(
        broker.fetch({
          replicaId: -1,
          maxWaitTime: 1,
          minBytes: 0,
          topics: one(topic, { fetchOffset: '0', maxBytes: 1_000 }),
        }),
      ),
    creates: (topic) =>
      allowed(
        broker.createTopics({
          topics: [{ topic, numPartitions: 1, replicationFactor: 1 }],
          validateOnly: true,
          timeout: 1_000,
        }),
      ),
    sees: (topic) => allowed(broker.metadata([topic])),
    joins: (group) => allowed(broker.heartbeat({ groupId: group, groupGenerationId: 1, memberId: 'nobody' })),
    end: () => cluster.disconnect(),
  };
}

/** Whether a request was not refused for want of rights. */
async function allowed(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    // Several topics could each have an answer of their own.
    const { type, errors = [] } = error as { readonly type?: string; readonly errors?: readonly { type: string }[] };
    const answer = type ?? errors[0]?.type;
    if (answer === undefined) throw error;
    return !answer.endsWith('_AUTHORIZATION_FAILED');
  }
}
