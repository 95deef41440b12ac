import type { TopicNames } from '#contracts';
import type { RecordTooLargeError } from '#kafka';

/** How large the values of what the normaliser writes may be, in bytes. */
export interface SizeLimits {
  /** Of an event. What is larger becomes a dead letter of its element. */
  readonly event: number;
  /** Of a dead letter. What is larger is left at its origin. */
  readonly letter: number;
}

/**
 * Limits that the refused record does not meet. Topics may take less than the product is made for (`max.message.bytes`),
 * and brokers do not say how much: each refusal tells a little more.
 * @returns null where the limits that there are refuse it already, or nothing is left that could be smaller: another try
 * would end as this one
 */
export function tightened(limits: SizeLimits, { record }: RecordTooLargeError, topics: TopicNames): SizeLimits | null {
  const what = record.topic === topics['dead-letters.v1'] ? 'letter' : 'event';
  if (record.valueBytes === 0 || record.valueBytes > limits[what]) return null;
  return { ...limits, [what]: record.valueBytes - 1 };
}
