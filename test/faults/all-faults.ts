import type { Fault } from './fault.js';
import { CLOCK_FAULTS } from './faults/clocks.js';
import { DISASTER_FAULTS } from './faults/disasters.js';
import { DISK_FAULTS } from './faults/disks.js';
import { KAFKA_FAULTS } from './faults/kafka.js';
import { POISON_FAULTS } from './faults/poison.js';
import { POSTGRES_FAULTS } from './faults/postgres.js';
import { PROCESS_FAULTS } from './faults/processes.js';

/** Everything that is made to go wrong, in the order in which it is. */
export const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...KAFKA_FAULTS,
  ...POSTGRES_FAULTS,
  ...DISK_FAULTS,
  ...POISON_FAULTS,
  ...CLOCK_FAULTS,
  ...DISASTER_FAULTS,
];
