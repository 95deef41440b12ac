/**
 * Few kinds of error, each named by what it makes the caller do.
 */
import type { DeadLetterCode } from '#contracts';

/** This record can never be processed: it becomes a dead letter and the partition goes on. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';

  /**
   * @param code why, from the closed list
   * @param detail the shape of the problem, never content
   */
  constructor(
    readonly code: DeadLetterCode,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }
}

/** Something that the work needs is away or busy: try the same again later. */
export class TransientError extends Error {
  override readonly name: string = 'TransientError';
}

/** The consumer's position is not where the store says that it should be: ask for the position and read from there. */
export class PositionMovedError extends Error {
  override readonly name = 'PositionMovedError';
}

/** The stored position lies outside the topic: data was removed or the topic was made anew. A person must decide. */
export class PositionOutsideLogError extends Error {
  override readonly name = 'PositionOutsideLogError';
}

/** The queue in front of Kafka is full: refuse the work at once. */
export class QueueFullError extends TransientError {
  override readonly name = 'QueueFullError';
}

/** The record waited in the queue until its time was up, and was never sent. */
export class QueueTimeoutError extends TransientError {
  override readonly name = 'QueueTimeoutError';
}

/** Which record was refused. */
export interface RefusedRecord {
  /** Where it was to go. */
  readonly topic: string;
  /** How large its value is. */
  readonly valueBytes: number;
}

/** The record is larger than a broker takes. It is in no topic; others that were published with it may be. */
export class RecordTooLargeError extends PermanentError {
  /**
   * @param bytes how large it is on the wire
   * @param limit null: that of the topic, which the broker does not tell
   */
  constructor(
    readonly record: RefusedRecord,
    bytes: number,
    limit: number | null,
  ) {
    super('ELEMENT_TOO_LARGE', `${bytes} bytes, ${limit === null ? 'more than the topic takes' : `limit ${limit}`}`);
  }
}

/** The send failed or got no answer in time. Its outcome is unknown: the record may be in the topic. */
export class PublishFailedError extends TransientError {
  override readonly name = 'PublishFailedError';
}

/** What an error says, for a log. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
