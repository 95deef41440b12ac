import {
  DEAD_LETTER_HEADERS,
  RECEIPT_HEADERS,
  REDRIVE,
  REDRIVEN_FROM,
  type TopicName,
  type TopicNames,
} from '#contracts';
import { headerText, headerValues, LEFT_AT_ORIGIN, type IncomingRecord, type OutgoingRecord } from '#kafka';

/** Where dead letters come from, and so go back to. */
export const REDRIVE_TOPICS = [
  'raw-receipts.v1',
  'submissions.v1',
  'events.v1',
] as const satisfies readonly TopicName[];
export type RedriveTopic = (typeof REDRIVE_TOPICS)[number];

/** Why a letter cannot be redriven at all. */
export type Unfit = 'left-at-origin' | 'origin-unknown';

/** The topic that a letter came from; null: none that we read. */
export function topicOfOrigin(origin: string | null, topics: TopicNames): RedriveTopic | null {
  const topic = origin?.split('/')[0];
  return REDRIVE_TOPICS.find((name) => topics[name] === topic) ?? null;
}

/**
 * The record that a dead letter was, or the part of it that failed: its bytes, its key, its headers. A receipt keeps its
 * id and both its times, so what comes of it are the facts that it would have been. Where an element failed it is the
 * body now: one receipt is read as an array of one.
 */
export function redrivenRecord(letter: IncomingRecord, topics: TopicNames): OutgoingRecord | Unfit {
  const name = topicOfOrigin(headerText(letter, DEAD_LETTER_HEADERS.origin) ?? null, topics);
  if (name === null) return 'origin-unknown';
  const value = letter.value ?? Buffer.alloc(0);
  const detail = headerText(letter, DEAD_LETTER_HEADERS.detail) ?? '';
  if (value.length === 0 && detail.endsWith(LEFT_AT_ORIGIN)) return 'left-at-origin';

  const headers = headerValues(letter.headers);
  for (const header of Object.values(DEAD_LETTER_HEADERS)) Reflect.deleteProperty(headers, header);
  headers[REDRIVEN_FROM] = `${letter.partition}/${letter.offset}`;
  // A submission is not ours, and comes from no receipt.
  if (name !== 'submissions.v1') headers[RECEIPT_HEADERS.transport] = REDRIVE;
  return { topic: topics[name], key: letter.key, value, headers };
}
