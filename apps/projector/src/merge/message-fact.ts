import { durationMilliseconds, durationText, type MessageStatusReported, type MessageSubmitted } from '#contracts';
import type { Fact } from './fact-set.js';
import { eitherValue } from './fact-set.js';
import { joinFields, joinMessageReports } from './join-data.js';

/** What can be known about a message: reports of how it fared, and that it was submitted at all. */
export type MessageFact = MessageStatusReported | MessageSubmitted;

/** A fact that is a report. A stored fact does not name its type: only reports have a status. */
export function isReport(fact: Fact<MessageFact>): fact is Fact<MessageStatusReported> {
  return 'status' in fact.data;
}

/** Two copies of one fact about a message as one. */
export function joinMessageFacts(a: MessageFact, b: MessageFact): MessageFact {
  if ('status' in a) return 'status' in b ? joinMessageReports(a, b) : a;
  // Ids keep the two kinds apart. Should one id stand for both all the same, the order must not matter even then.
  return 'status' in b ? b : joinSubmissions(a, b);
}

/**
 * A submission that was told twice: every field by itself, a value before null. Of two times the earlier, and the wait
 * ends when the later of the two does: as long as one teller still waits, nobody says that nothing came.
 */
function joinSubmissions(a: MessageSubmitted, b: MessageSubmitted): MessageSubmitted {
  return {
    // Times are texts of one form: the smaller is the earlier.
    ...joinFields(a, b),
    expectReportWithin: joinWaits(a, b),
  };
}

/** The time from the earlier of the two submissions to the later of the two ends. */
function joinWaits(a: MessageSubmitted, b: MessageSubmitted): string | null {
  const [endOfA, endOfB] = [waitEndsAt(a), waitEndsAt(b)];
  // What a later version writes and we cannot read: any choice that does not depend on the order will do.
  if (endOfA === null && endOfB === null) return eitherValue(a.expectReportWithin, b.expectReportWithin);
  if (a.submittedAt === b.submittedAt && a.expectReportWithin === b.expectReportWithin) return a.expectReportWithin;
  const end = Math.max(...[endOfA, endOfB].flatMap((time) => (time === null ? [] : [Date.parse(time)])));
  return durationText(end - Math.min(Date.parse(a.submittedAt), Date.parse(b.submittedAt)));
}

/** When the wait for a final report is over; null where nobody said how long to wait. RFC 3339, UTC, milliseconds. */
export function waitEndsAt({ submittedAt, expectReportWithin }: MessageSubmitted): string | null {
  const wait = expectReportWithin === null ? null : durationMilliseconds(expectReportWithin);
  return wait === null ? null : new Date(Date.parse(submittedAt) + wait).toISOString();
}
