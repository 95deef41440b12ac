import { recordOrigin, type IncomingRecord } from '#kafka';
import { isUnreadable, readSubmission, type SubmissionContext } from '#providers';
import type { DeadLetter, Normalised } from './normalise.js';

/** Everything beside the submission that decides what becomes of it. */
export type SubmissionSettings = Omit<SubmissionContext, 'position' | 'receivedAt'>;

/** The last instant that events can write. A record without a time, or beyond all times, proves nothing about others. */
const END_OF_TIME = Date.UTC(9999, 11, 31);

/** One submission → one canonical event, or a dead letter. Deterministic: no clock, no random, no I/O. */
export function normaliseSubmission(record: IncomingRecord, settings: SubmissionSettings): Normalised {
  const value = record.value ?? Buffer.alloc(0);
  const { timestamp } = record;
  const isTime = timestamp > 0 && timestamp < END_OF_TIME;
  const outcome = readSubmission(value, {
    ...settings,
    position: recordOrigin(record),
    receivedAt: new Date(isTime ? timestamp : END_OF_TIME).toISOString(),
  });
  if (!isUnreadable(outcome)) return { events: [outcome], deadLetters: [], elements: 1 };
  const letter: DeadLetter = { code: outcome.code, detail: outcome.detail, element: null, value };
  return { events: [], deadLetters: [letter], elements: 0 };
}
