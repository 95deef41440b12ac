import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, type KafkaBroker } from '../../dev/kafka-broker.js';

/** A Kafka of a test's own, which may be frozen, killed and started again. */
export function startOwnKafka(): Promise<KafkaBroker> {
  return startKafka({ dataDirectory: mkdtempSync(join(tmpdir(), 'quittance-kafka-')) });
}

/** Starts one that has ended: where it was, with what it held. */
export function startAgain({ dataDirectory, port }: KafkaBroker): Promise<KafkaBroker> {
  return startKafka({ dataDirectory, port });
}

/** Stops it, unless it has ended, and removes what it held. */
export async function removeKafka(kafka: KafkaBroker): Promise<void> {
  await kafka.stop();
  rmSync(kafka.dataDirectory, { recursive: true, force: true });
}
