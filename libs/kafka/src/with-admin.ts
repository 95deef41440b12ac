import type { Admin } from 'kafkajs';
import { createClient, type KafkaLogger, type KafkaSettings } from './client.js';

/** What a tool asks or reads is nobody's log line. */
export const SILENT: KafkaLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Asks the brokers something over a connection of its own. */
export async function withAdmin<T>(kafka: KafkaSettings, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = createClient(kafka, SILENT).admin({ retry: { retries: 5 } });
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

function ignore(): void {
  // See SILENT.
}
