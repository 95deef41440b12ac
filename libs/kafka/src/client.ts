import type { Kafka } from 'kafkajs';
import { kafkajs } from './kafkajs/patched.js';
import { securityOptions, UNTRUSTED_ADVICE, type KafkaSasl, type KafkaTls } from './security.js';

/** Where the brokers are, who we say that we are, and how we prove it. */
export interface KafkaSettings {
  /** `host:port`, one or more of them; the rest of the cluster is found through these. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Absent or null: nothing is encrypted. */
  readonly tls?: KafkaTls | null;
  /** Absent or null: nobody asks who we are, or our certificate says it. */
  readonly sasl?: KafkaSasl | null;
}

/** What this library says to a log; pino's own shape. */
export interface KafkaLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A client of kafkajs whose log lines go to `logger`. Its chatter about reconnecting is `debug`: we report what it means. */
export function createClient(settings: KafkaSettings, logger: KafkaLogger): Kafka {
  return new kafkajs.Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    ...securityOptions(settings.tls ?? null, settings.sasl ?? null, (code) => {
      logger.warn({ code, advice: UNTRUSTED_ADVICE }, 'kafka.certificate-not-believed');
    }),
    connectionTimeout: 3_000,
    logLevel: kafkajs.logLevel.INFO,
    logCreator:
      () =>
      ({ namespace, label, log: { message, error } }) => {
        // The other fields may carry records: they are left out.
        logger.debug(
          { of: namespace, label, detail: message, reason: error instanceof Error ? error.message : undefined },
          'kafka.client',
        );
      },
  });
}
