import type { MessageStatus, ReportedBy, RetryAdvice, StatusReason } from '#contracts';

/**
 * Version of every table in this file. Raise it with every change of a table: for one event id the highest revision
 * replaces what was mapped before, so a wrong line is repaired by replay. status-map.spec.ts holds a hash per revision.
 */
export const MAPPING_REVISION = 1;

/** What a `status_code` means. `reason` and `retry` are null where the message is not lost. */
export interface CodeMeaning {
  readonly status: MessageStatus;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  /** Null: the vendor does not say whether its platform or the carrier found it. */
  readonly reportedBy: ReportedBy | null;
}

/**
 * `status_code` of delivery reports: https://www.volcengine.com/docs/6361/173291 and, without CR:0217,
 * https://www.volcengine.com/docs/6361/69438; read in November 2026. The vendor gives descriptions and advice in words;
 * `reason` and `retry` are our reading of them.
 */
const CODES: Readonly<Record<string, CodeMeaning>> = {
  '0': { status: 'delivered', reason: null, retry: null, reportedBy: 'carrier' },

  // Number and handset.
  'NE:0100': lost('number', 'never'),
  'NE:0103': lost('handset', 'later'),
  'NE:0104': lost('handset', 'unknown'),
  // Dead, off, suspended, in arrears, roaming: one code for all.
  'NE:0105': lost('number', 'unknown'),
  'NE:0106': lost('route', 'later'),

  // Control of content, numbers and rates, by platform and carriers alike.
  'CR:0200': lost('content', 'after-fix'),
  'CR:0201': lost('blocked', 'never'),
  'CR:0202': lost('throttled', 'later'),
  // Not at this hour.
  'CR:0203': lost('throttled', 'later'),
  'CR:0204': refused('config', 'after-fix'),
  'CR:0205': lost('content', 'after-fix'),
  'CR:0206': lost('throttled', 'later'),
  // The account is in load test mode, which sends nothing.
  'CR:0207': refused('config', 'after-fix'),
  'CR:0208': lost('throttled', 'later'),
  'CR:0209': refused('config', 'after-fix'),
  'CR:0210': refused('config', 'after-fix'),
  'CR:0212': lost('content', 'after-fix'),
  // The same text to the same number within a short time.
  'CR:0213': lost('duplicate', 'never'),
  'CR:0215': lost('content', 'after-fix'),
  'CR:0216': lost('content', 'after-fix'),
  // Addresses and contacts in the text that are not registered with the carrier.
  'CR:0217': lost('content', 'after-fix'),

  // The request.
  'CE:0300': refused('content', 'after-fix'),
  'CE:0301': refused('content', 'after-fix'),
  'CE:0302': refused('content', 'after-fix'),
  'CE:0304': refused('config', 'after-fix'),
  'CE:0305': refused('route', 'after-fix'),

  // System and gateway.
  'SY:0500': lost('route', 'later'),
  'SY:0501': lost('route', 'later'),
  'UN:0900': lost('unknown', 'later'),
};

/** A Map, so that a code such as `constructor` finds nothing. */
export const CODE_MEANINGS: ReadonlyMap<string, CodeMeaning> = new Map(Object.entries(CODES));

/** Every code but "0" is a failure, says https://www.volcengine.com/docs/6361/171584. */
export const UNEXPLAINED_FAILURE: CodeMeaning = lost('unknown', 'unknown');

function lost(reason: StatusReason, retry: RetryAdvice): CodeMeaning {
  return { status: 'failed', reason, retry, reportedBy: null };
}

/** The platform did not let it out. */
function refused(reason: StatusReason, retry: RetryAdvice): CodeMeaning {
  return { status: 'failed', reason, retry, reportedBy: 'provider' };
}
