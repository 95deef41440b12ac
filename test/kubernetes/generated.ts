import { stringify } from 'yaml';
import {
  ACCESS,
  accessRules,
  senderRules,
  subscriberRules,
  topicConfiguration,
  topicNames,
  TOPICS,
  type AccessRule,
} from '#contracts';
import { prometheusRule } from '../../dev/observability/alert-rules.js';

/** What the manifests of production are written for. */
const PREFIX = 'quittance.';
const REPLICATION = 3;

/** A file below `k8s` that is made of what the code says. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/**
 * Every generated manifest.
 * @param example text of quittance.example.yaml
 * @param alerts text of the rule file of Prometheus
 */
export function generatedFiles(example: string, alerts: string): readonly GeneratedFile[] {
  return [
    { path: 'k8s/strimzi/kafka-topics.yaml', text: made('libs/contracts/src/topics.ts', ...kafkaTopics()) },
    {
      path: 'k8s/strimzi/kafka-users.yaml',
      text: made(
        'libs/contracts/src/access.ts',
        ...ACCESS.map((access) => kafkaUser(`quittance-${access.user}`, accessRules(access, PREFIX))),
      ),
    },
    {
      path: 'k8s/strimzi/examples/subscriber.yaml',
      text: made(
        'libs/contracts/src/access.ts',
        kafkaUser('crm', subscriberRules(['message-status.v1', 'mobile-originated.v1'], 'crm', PREFIX)),
      ),
    },
    {
      path: 'k8s/strimzi/examples/sending-service.yaml',
      text: made('libs/contracts/src/access.ts', kafkaUser('campaigns', senderRules(PREFIX))),
    },
    {
      path: 'k8s/overlays/dev/quittance.yaml',
      text: `${madeOf('quittance.example.yaml')}${secretsFromFiles(example)}`,
    },
    {
      path: 'k8s/components/monitoring/prometheus-rule.yaml',
      text: madeOf('observability/alerts.yaml') + prometheusRule(alerts),
    },
  ];
}

const madeOf = (source: string): string => `# Made of ${source} by \`npm run golden\`.\n`;
const made = (source: string, ...objects: readonly object[]): string =>
  madeOf(source) + objects.map((object) => stringify(object, { singleQuote: true })).join('---\n');

function kafkaTopics(): object[] {
  const names = topicNames(PREFIX);
  return TOPICS.map((topic) => ({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    metadata: { name: names[topic.name], labels: { 'strimzi.io/cluster': 'kafka' } },
    spec: {
      partitions: topic.partitions,
      replicas: REPLICATION,
      config: topicConfiguration(topic, REPLICATION),
    },
  }));
}

function kafkaUser(name: string, rules: readonly AccessRule[]): object {
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaUser',
    metadata: { name, labels: { 'strimzi.io/cluster': 'kafka' } },
    spec: {
      authentication: { type: 'scram-sha-512' },
      authorization: {
        type: 'simple',
        acls: rules.map(({ resource, name: of, operations }) => ({
          resource: { type: resource, name: of, patternType: 'literal' },
          operations,
        })),
      },
    },
  };
}

/** The example's secrets as files, which are read again when they change, where the example has variables. */
function secretsFromFiles(example: string): string {
  return example
    .replace(/^(?:#.*\n)+/, '')
    .replaceAll('${IDENTITY_NAMESPACE}', '${file:/run/secrets/identity/namespace}')
    .replace(/\$\{([A-Z][A-Z_]*)\}/g, '${file:/run/secrets/sources/$1}');
}
