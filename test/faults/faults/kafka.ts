import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.js';
import type { Stage } from '../stage.js';

/** What can become of Kafka. The receipts of meanwhile go to the spool. */
export const KAFKA_FAULTS: readonly Fault[] = [
  {
    name: 'kafka-killed',
    about: 'Kafka is killed, and started again after 5 s',
    quick: true,
    happen: async ({ servers }) => {
      await servers.kafka.kill();
      await delay(5_000);
      await servers.startKafka();
    },
  },
  {
    name: 'kafka-frozen',
    about: 'Kafka hangs for 30 s',
    happen: async ({ servers }) => {
      servers.kafka.signal('SIGSTOP');
      await delay(30_000);
      servers.kafka.signal('SIGCONT');
    },
  },
  {
    name: 'kafka-restarted',
    about: 'Kafka is shut down in order and started again',
    happen: async ({ servers }) => {
      await servers.kafka.stop();
      await servers.startKafka();
    },
  },
  {
    name: 'kafka-slow',
    about: 'everything to and from Kafka takes 400 ms longer each way for 20 s',
    happen: async ({ servers }) => {
      servers.kafkaLine.slowDown(400);
      await delay(20_000);
      servers.kafkaLine.mend();
    },
  },
  {
    name: 'kafka-cut',
    about: 'every connection to Kafka is cut, each second for 15 s',
    happen: async (stage) => {
      for (let times = 0; times < 15; times += 1) {
        stage.servers.kafkaLine.cut();
        await delay(1_000);
      }
    },
  },
  {
    name: 'kafka-unreachable',
    about: 'nobody gets through to Kafka for 20 s, and every ingress is killed meanwhile',
    refuses: true,
    happen: async (stage) => {
      stage.servers.kafkaLine.takeDown();
      await delay(10_000);
      await restartIngresses(stage);
      await delay(10_000);
      stage.servers.kafkaLine.mend();
    },
  },
];

/** Without waiting until they are ready: that they are when Kafka is there. */
async function restartIngresses(stage: Stage): Promise<void> {
  for (const part of ['ingress-1', 'ingress-2'] as const) {
    await stage.kill(part);
    await stage.start(part, { ready: false });
  }
}
