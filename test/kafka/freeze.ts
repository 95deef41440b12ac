import { execFileSync } from 'node:child_process';
import type { KafkaBroker } from '../../dev/kafka-broker.js';
import { until } from '../system/until.js';

/** Makes a broker hang. The signal takes its time on a busy machine: until it has come, the broker still answers. */
export async function freeze(broker: KafkaBroker): Promise<void> {
  broker.signal('SIGSTOP');
  await until('the broker stands still', () =>
    execFileSync('ps', ['-o', 'state=', '-p', String(broker.pid)], { encoding: 'utf8' }).startsWith('T'),
  );
}
