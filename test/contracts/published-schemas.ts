import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFile, type EventType } from '#contracts';
import type { JsonSchema } from './generate-schemas.js';

/** The repository's root directory. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** Path of the published schema of an event type. */
export function schemaPath(type: EventType): string {
  return join(ROOT, 'docs', 'contracts', schemaFile(type));
}

/** The published schema of an event type, as it lies in docs/contracts. */
export function publishedSchema(type: EventType): JsonSchema {
  return JSON.parse(readFileSync(schemaPath(type), 'utf8')) as JsonSchema;
}
