import type { KafkaSettings } from './client.js';
import { withAdmin } from './with-admin.js';

/** Removes consumer groups, as the broker does with those that nobody has been in for a week. Nobody may be in them. */
export async function forgetOffsets(kafka: KafkaSettings, ...groups: readonly string[]): Promise<void> {
  await withAdmin(kafka, (admin) => admin.deleteGroups([...groups]));
}
