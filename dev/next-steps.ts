import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { KAFKA_LIBRARY, LOG_DIRECTORY, REPOSITORY } from './places.js';

/** What the commands need to know. */
export interface Whereabouts {
  readonly ingress: string;
  readonly alibabaToken: string;
  readonly brokers: string;
  readonly kafkaMode: 'embedded' | 'docker' | 'given';
  readonly databaseUrl: string;
  readonly topicPrefix: string;
}

/** The vendor's own sample of a delivery report (https://help.aliyun.com/document_detail/101867.html), with a number made up. */
const SAMPLE =
  '[{"phone_number":"13800000001","send_time":"2017-01-01 11:12:13","report_time":"2017-02-02 22:23:24","success":true,' +
  '"err_code":"DELIVERED","err_msg":"用户接收成功","sms_size":"1","biz_id":"12345","out_id":"67890"}]';

const QUERY = 'SELECT message_id, status, provider_code, occurred_at FROM message ORDER BY written_at DESC LIMIT 5';

/** Where to look next: commands that work as they stand, in the repository's folder. */
export function nextSteps(where: Whereabouts): string {
  return [
    '',
    'Where to look next (in this folder):',
    '',
    '  push a delivery report yourself, as the vendor does',
    `    ${pushCommand(where)}`,
    '',
    '  the newest rows',
    `    ${queryCommand(where.databaseUrl)}`,
    '',
    '  what subscribers get',
    `    ${consumeCommand(where)}`,
    '',
    `  logs: ${relative(REPOSITORY, LOG_DIRECTORY)}/   addresses: .dev/stack.json`,
  ].join('\n');
}

function pushCommand({ ingress, alibabaToken }: Whereabouts): string {
  const url = `${ingress}/receipts/ali-sms-report/${encodeURIComponent(alibabaToken)}`;
  return `curl -sS ${url} -H 'content-type: application/json' -d '${SAMPLE}'`;
}

function queryCommand(databaseUrl: string): string {
  if (isInstalled('psql')) return `psql '${databaseUrl}' -c '${QUERY}'`;
  // Without psql: the client that is in node_modules anyway.
  return `node -e "import('pg').then(async ({ default: { Client } }) => { const c = new Client('${databaseUrl}'); await c.connect(); console.table((await c.query('${QUERY}')).rows); await c.end(); })"`;
}

function consumeCommand({ brokers, kafkaMode, topicPrefix }: Whereabouts): string {
  const what = `--topic ${topicPrefix}message-status.v1 --from-beginning --max-messages 3`;
  if (kafkaMode === 'docker') {
    return `docker compose exec kafka /opt/kafka/bin/kafka-console-consumer.sh --bootstrap-server kafka:9092 ${what}`;
  }
  if (!existsSync(KAFKA_LIBRARY) || !isInstalled('java')) {
    return `kafka-console-consumer.sh --bootstrap-server ${brokers} ${what}   (comes with Kafka)`;
  }
  const library = `${relative(REPOSITORY, KAFKA_LIBRARY)}/*`;
  return `java -Dorg.slf4j.simpleLogger.defaultLogLevel=off -cp '${library}' org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server ${brokers} ${what}`;
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}
