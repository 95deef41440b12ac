import type { Writable } from 'node:stream';
import type { Pool } from 'pg';
import type { TopicNames } from '#contracts';
import type { KafkaSettings, OutgoingRecord, TopicIdentities } from '#kafka';
import type { ErasurePlaces } from '../erasures/join-erasures.js';
import type { ErasureStore } from '../store/erasures.js';
import type { Progress } from './progress.js';

/** A statement over a whole table takes its time; one that takes longer than this is in everybody's way. ms */
export const LONGEST_STATEMENT = 5 * 60_000;

/** What a command works with. */
export interface OpsContext {
  readonly kafka: KafkaSettings;
  readonly topicPrefix: string;
  readonly topics: TopicNames;
  /** Which topic of a name the cluster has now. */
  readonly identities: TopicIdentities;
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly erasures: ErasureStore;
  /** Durable when it resolves. */
  readonly publishAll: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** First segment of the source of every event. */
  readonly installation: string;
  readonly progress: (what: string, unit: string) => Progress;
  /** Where the result goes. */
  readonly output: Writable;
  /** A line of it. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Where a command finds what is known of erasures. */
export function placesOf({ pool, kafka, topics, publishAll }: OpsContext): ErasurePlaces {
  return { pool, kafka, topic: topics['erasures.v1'], publishAll };
}
