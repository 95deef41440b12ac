import type { Pool } from 'pg';
import { consumerGroup } from '#contracts';
import { groupOffsets, offsetsBehind, type KafkaSettings, type TopicReader } from '#kafka';
import { query } from '../../store/query.js';
import type { Position } from './positions.js';

/** What is asked how far the stages are. */
export interface StageParts {
  readonly kafka: KafkaSettings;
  readonly reader: TopicReader;
  readonly pool: Pool;
  readonly topicPrefix: string;
  /** Full names. */
  readonly rawTopic: string;
  readonly eventsTopic: string;
}

/** How many records wait for each stage, and how far each has come. */
export interface Stages {
  readonly normaliserBehind: bigint;
  readonly projectorBehind: bigint;
  /** Whether a stage has passed a record of the topic that it reads; null: it reads another, or nobody can tell. */
  readonly hasPassed: (position: Position | null) => boolean | null;
}

/** Asks how far normaliser and projector have come. */
export async function askStages(parts: StageParts): Promise<Stages> {
  const { kafka, reader, pool, topicPrefix, rawTopic, eventsTopic } = parts;
  const [normalised, stored, raw, events] = await Promise.all([
    groupOffsets(kafka, consumerGroup(topicPrefix, 'normaliser'), rawTopic),
    query<{ partition: number; next: string }>(pool, {
      text: 'SELECT partition, next_offset AS next FROM projector_offset WHERE topic = $1',
      values: [eventsTopic],
    }),
    reader.offsets(rawTopic),
    reader.offsets(eventsTopic),
  ]);
  const projected = new Map(stored.rows.map(({ partition, next }) => [partition, BigInt(next)]));
  const stages = new Map([
    [rawTopic, normalised],
    [eventsTopic, projected],
  ]);
  return {
    normaliserBehind: offsetsBehind(raw, normalised),
    projectorBehind: offsetsBehind(events, projected),
    hasPassed: (position) => {
      const next = position === null ? undefined : stages.get(position.topic)?.get(position.partition);
      return next === undefined ? null : next > position!.offset;
    },
  };
}
