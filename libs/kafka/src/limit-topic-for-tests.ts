import { ConfigResourceTypes } from 'kafkajs';
import type { KafkaSettings } from './client.js';
import { withAdmin } from './with-admin.js';

/** Lets a topic take less than the product is made for. */
export async function limitTopic(kafka: KafkaSettings, topic: string, maxMessageBytes: number): Promise<void> {
  const configEntries = [{ name: 'max.message.bytes', value: String(maxMessageBytes) }];
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await withAdmin(kafka, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
}
