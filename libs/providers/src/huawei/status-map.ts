import type { MessageStatus, ReportedBy, RetryAdvice, StatusReason } from '#contracts';

/**
 * Version of every table in this file. Raise it with every change of a table: for one event id the highest revision
 * replaces what was mapped before, so a wrong line is repaired by replay. status-map.spec.ts holds a hash per revision.
 */
export const MAPPING_REVISION = 1;

/** What a `status` means. `reason` and `retry` are null where the message is not lost. */
export interface CodeMeaning {
  readonly status: MessageStatus;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  /** Who makes reports with this code, for reports that do not say it; null: both do. */
  readonly reportedBy: ReportedBy | null;
}

/**
 * `status` of delivery reports, in upper case. Codes and meanings:
 * https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0051.html and its EU copy, read in November 2026; the
 * `SC:` codes from the vendor's pages on security control. The vendor lists neither outcome nor advice: its one rule is
 * that only DELIVRD is a success and ACCEPTD is on its way; `reason` and `retry` are our reading of its descriptions.
 * Opaque carrier codes (MK:0001, CL26:-36, SGIP:56, ...) are absent on purpose: nobody says what they mean.
 */
const CODES: Readonly<Record<string, CodeMeaning>> = {
  DELIVRD: { status: 'delivered', reason: null, retry: null, reportedBy: 'carrier' },
  // Accepted by the carrier, temporary, "normally not shown". Some handlers take it for a delivery; it is none.
  ACCEPTD: { status: 'pending', reason: null, retry: null, reportedBy: 'carrier' },
  // By the carrier, or by the platform after 72 hours without a word from it.
  EXPIRED: { status: 'expired', reason: null, retry: 'later', reportedBy: null },
  DELETED: { status: 'deleted', reason: null, retry: 'unknown', reportedBy: 'carrier' },
  UNKNOWN: { status: 'unknown', reason: 'unknown', retry: 'unknown', reportedBy: 'carrier' },
  // Dead number, suspended, and so on; made by carrier and platform alike.
  UNDELIV: { status: 'failed', reason: 'number', retry: 'unknown', reportedBy: null },
  // Opted out of this channel, or the number takes no SMS.
  REJECTD: lost('blocked', 'unknown'),
  MILIMIT: lost('throttled', 'later'),
  LIMIT: lost('throttled', 'later'),
  BEYONDN: lost('throttled', 'later'),
  CTLIMIT: lost('throttled', 'later'),
  KEYWORD: lost('content', 'after-fix'),
  BLACK: lost('blocked', 'never'),
  // Opted out.
  TDBLACK: lost('blocked', 'never'),
  // Complained.
  TSBLACK: lost('blocked', 'never'),
  MBBLACK: lost('blocked', 'never'),

  // Security control before the carrier. Red list, complaints, opt-outs are about the person ...
  'SC:0004': lost('blocked', 'never'),
  'SC:0005': lost('blocked', 'never'),
  'SC:0016': lost('blocked', 'never'),
  // ... the rest about sender name and text. One copy of the table has SC:0014 as "no template matches", another as
  // "matches a template that needs no review".
  'SC:0013': lost('content', 'after-fix'),
  'SC:0014': lost('content', 'after-fix'),
  'SC:0015': lost('content', 'after-fix'),
  'SC:0017': lost('content', 'after-fix'),
  'SC:0018': lost('content', 'after-fix'),

  // Checking and matching the channel of sender, signature, recipient: mainland, then (25, 26) international.
  E200018: refused('config', 'after-fix'),
  E200019: refused('config', 'after-fix'),
  E200020: refused('config', 'after-fix'),
  E200021: refused('config', 'after-fix'),
  E200022: refused('route', 'after-fix'),
  E200023: refused('route', 'after-fix'),
  E200025: refused('route', 'after-fix'),
  E200026: refused('route', 'after-fix'),
  // The account may not send abroad.
  E200024: refused('config', 'after-fix'),
  // No gateway matches.
  E200027: refused('route', 'after-fix'),
  // Parameters of the template are missing.
  E200032: refused('content', 'after-fix'),
  // Sent again and again until the time was over.
  E200034: refused('route', 'later'),
  // A field of the carrier's protocol could not be filled in.
  E200035: refused('unknown', 'unknown'),
  // The rate towards the carrier is set to 0.
  E200036: refused('route', 'later'),
  // A segment of a long message did not come within 3 minutes.
  E200038: refused('content', 'after-fix'),
  // The same recipient twice in one request; the first one is sent.
  E200041: refused('duplicate', 'never'),
  E200051: refused('content', 'after-fix'),
  // Held back in review: country not allowed, package used up.
  E000628: refused('config', 'after-fix'),
  E000629: refused('config', 'after-fix'),
};

/** A Map, so that a code such as `CONSTRUCTOR` finds nothing. */
export const CODE_MEANINGS: ReadonlyMap<string, CodeMeaning> = new Map(Object.entries(CODES));

/**
 * `source` of delivery reports: 1 made by the SMS platform, 2 returned by the carrier's message centre, 3 made by the
 * Huawei platform. https://support.huaweicloud.com/api-msgsms/sms_05_0003.html, read in November 2026; the vendor does
 * not say what tells 1 from 3.
 */
export const REPORTERS: ReadonlyMap<string, ReportedBy> = new Map([
  ['1', 'provider'],
  ['2', 'carrier'],
  ['3', 'provider'],
]);

/** Who uses a code that is not in the table: the platform's own are `E` and six digits. */
export function reporterOf(code: string): ReportedBy {
  return /^E\d{6}$/.test(code) ? 'provider' : 'carrier';
}

/** The carrier or the handset did not take it. */
function lost(reason: StatusReason, retry: RetryAdvice): CodeMeaning {
  return { status: 'failed', reason, retry, reportedBy: 'carrier' };
}

/** The platform did not let it out. */
function refused(reason: StatusReason, retry: RetryAdvice): CodeMeaning {
  return { status: 'failed', reason, retry, reportedBy: 'provider' };
}
