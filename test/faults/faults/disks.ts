import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.js';

/** How long a disk stays full. */
const FULL = 8_000;

/** Full disks. */
export const DISK_FAULTS: readonly Fault[] = [
  {
    name: 'kafka-disk-full',
    about: "Kafka's disk is full, so it ends; it is started again when there is room",
    disks: { kafka: 400 },
    happen: async ({ servers }) => {
      const free = await servers.fillDisk('kafka');
      await Promise.race([servers.kafka.exited, delay(FULL)]);
      await free();
      if (servers.kafka.exit() !== null) await servers.startKafka();
    },
  },
  {
    name: 'postgres-disk-full',
    about: "Postgres' disk is full for 8 s",
    disks: { postgres: 600 },
    happen: async ({ servers }) => {
      const free = await servers.fillDisk('postgres');
      await delay(FULL);
      await free();
      if (servers.postgres.exit() !== null) await servers.startPostgres();
    },
  },
  {
    name: 'spool-disk-full',
    about: 'the disk of the spools is full while nobody gets through to Kafka, for 8 s',
    disks: { spool: 64 },
    refuses: true,
    happen: async ({ servers }) => {
      servers.kafkaLine.takeDown();
      await delay(FULL / 2);
      const free = await servers.fillDisk('spool');
      await delay(FULL);
      await free();
      servers.kafkaLine.mend();
    },
  },
];
