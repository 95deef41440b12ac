/**
 * Who needs which rights in Kafka, and no more: the one place. ACLs of a cluster and the manifests of users are made from
 * it, and a test runs every stage on a broker that knows nothing else. Kafka's own list of what each request needs:
 * https://kafka.apache.org/documentation/#operations_resources_and_protocols
 */
import { consumerGroup, topicNames, type TopicName } from './topics.js';

/** Who has rights of its own: the roles that read the environment, and what scales them. */
export type AccessUser = 'ingress' | 'normaliser' | 'projector' | 'topics' | 'tool' | 'scaler';

/** The stages that have a lasting consumer group. */
export type GroupStage = Parameters<typeof consumerGroup>[1];

/** What a user does in Kafka, in words of ours. */
export interface Access {
  readonly user: AccessUser;
  /** Topics that it creates where they are missing. */
  readonly creates: readonly TopicName[];
  /** Topics that it publishes to. */
  readonly writes: readonly TopicName[];
  /** Topics that it reads, as a member of `joins` or, outside any group, from an offset of its choice. */
  readonly reads: readonly TopicName[];
  /** Topics of which it only asks where they begin and end. */
  readonly measures: readonly TopicName[];
  /** Lasting consumer groups that it is a member of. */
  readonly joins: readonly GroupStage[];
  /** Consumer groups of others: how far they are, who is in them. */
  readonly watches: readonly GroupStage[];
}

const NOTHING = { creates: [], writes: [], reads: [], measures: [], joins: [], watches: [] } as const;

/** What the projector publishes for subscribers. */
const CHANGES = ['message-status.v1', 'mobile-originated.v1', 'review-status.v1', 'account-status.v1'] as const;

const ALL: readonly TopicName[] = [
  'raw-receipts.v1',
  'submissions.v1',
  'spools.v1',
  'events.v1',
  'dead-letters.v1',
  ...CHANGES,
  'ledger.v1',
  'erasures.v1',
];

/** Every user of ours. Nobody has rights on the cluster as a whole, and nobody has a transactional id. */
export const ACCESS: readonly Access[] = [
  {
    ...NOTHING,
    user: 'ingress',
    writes: ['raw-receipts.v1', 'spools.v1', 'ledger.v1'],
  },
  {
    ...NOTHING,
    user: 'normaliser',
    writes: ['events.v1', 'dead-letters.v1', 'ledger.v1'],
    reads: ['raw-receipts.v1', 'submissions.v1'],
    joins: ['normaliser'],
  },
  {
    ...NOTHING,
    user: 'projector',
    // Events too: those that say that no report came. Erasures: those that only the tables know of.
    writes: [...CHANGES, 'events.v1', 'dead-letters.v1', 'erasures.v1'],
    // The projector itself the events and who was erased, the ledger the events and the three behind them, timeouts the spools.
    reads: ['events.v1', 'raw-receipts.v1', 'dead-letters.v1', 'ledger.v1', 'spools.v1', 'erasures.v1'],
    measures: ['submissions.v1'],
    joins: ['projector', 'ledger'],
    watches: ['normaliser'],
  },
  {
    ...NOTHING,
    user: 'topics',
    creates: ALL,
  },
  {
    ...NOTHING,
    user: 'tool',
    // What is redriven or replayed goes back to where it came from; changes are republished.
    writes: ['raw-receipts.v1', 'submissions.v1', 'events.v1', ...CHANGES, 'erasures.v1'],
    reads: ALL,
    watches: ['normaliser', 'projector', 'ledger'],
  },
  {
    ...NOTHING,
    user: 'scaler',
    measures: ['raw-receipts.v1', 'submissions.v1', 'events.v1'],
    watches: ['normaliser', 'projector'],
  },
];

/** What may be done with something, in Kafka's words. `Read` and `Write` imply `Describe`. */
export type AccessOperation = 'Read' | 'Write' | 'Create' | 'Describe';

/** One right: an ACL of Kafka for each of its operations, from any host, on exactly what has the name. */
export interface AccessRule {
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly operations: readonly AccessOperation[];
}

/**
 * The rights of a user of ours.
 * @param prefix what the names of topics and groups start with, such as `quittance.`
 * @returns each topic and group once
 */
export function accessRules(access: Access, prefix: string): readonly AccessRule[] {
  const names = topicNames(prefix);
  const rules = new Rules();
  for (const name of access.creates) rules.add('topic', names[name], ['Create', 'Describe']);
  for (const name of access.reads) rules.add('topic', names[name], ['Read']);
  for (const name of access.writes) rules.add('topic', names[name], ['Write']);
  for (const name of access.measures) rules.add('topic', names[name], ['Describe']);
  for (const stage of access.joins) rules.add('group', consumerGroup(prefix, stage), ['Read']);
  for (const stage of access.watches) rules.add('group', consumerGroup(prefix, stage), ['Describe']);
  return rules.all();
}

/** The rights of a subscriber: the topics that it is there for, and one consumer group. */
export function subscriberRules(topics: readonly TopicName[], group: string, prefix: string): readonly AccessRule[] {
  const names = topicNames(prefix);
  const rules = new Rules();
  for (const name of topics) rules.add('topic', names[name], ['Read']);
  rules.add('group', group, ['Read']);
  return rules.all();
}

/** The rights of a sending service: to tell us what it submitted. */
export function senderRules(prefix: string): readonly AccessRule[] {
  const rules = new Rules();
  rules.add('topic', topicNames(prefix)['submissions.v1'], ['Write']);
  return rules.all();
}

/** Rules, each resource once, operations in the order in which they come. */
class Rules {
  readonly #rules = new Map<string, AccessRule>();

  add(resource: AccessRule['resource'], name: string, added: readonly AccessOperation[]): void {
    const key = `${resource} ${name}`;
    const operations = new Set([...(this.#rules.get(key)?.operations ?? []), ...added]);
    this.#rules.set(key, { resource, name, operations: [...operations] });
  }

  all(): readonly AccessRule[] {
    return [...this.#rules.values()];
  }
}
