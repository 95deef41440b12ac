import type { MessageStatus, ReportedBy, RetryAdvice, ReviewStatus, StatusReason } from '#contracts';

/**
 * Version of every table in this file. Raise it with every change of a table: for one event id the highest revision
 * replaces what was mapped before, so a wrong line is repaired by replay. status-map.spec.ts holds a hash per revision.
 */
export const MAPPING_REVISION = 2;

/** What a code of a delivery report means. `reason` and `retry` are null where the message is not lost. */
export interface CodeMeaning {
  readonly status: MessageStatus;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  readonly reportedBy: ReportedBy;
}

/**
 * `err_code`, `ErrorCode` or `error_code` of delivery reports. Meanings:
 * https://help.aliyun.com/document_detail/101347.html and the table `sms-error-codes.md` that Alibaba publishes with its
 * SMS skill; read in November 2026. The vendor lists neither outcome nor advice: `reason` and `retry` are our reading of
 * its descriptions. The list is neither complete nor stable. Raw carrier codes (UNDELIV, MK:0001, ...) are absent on purpose: nobody has shown them in this field.
 */
const CODES: Readonly<Record<string, CodeMeaning>> = {
  DELIVERED: reached('delivered', 'carrier'),
  // The SMPP spelling; seen in QuerySendDetails.
  DELIVRD: reached('delivered', 'carrier'),
  // Accepted by the platform, no word from the carrier yet.
  REQUEST_SUCCESS: reached('pending', 'provider'),
  // Validity passed. Whether handset or network was at fault is not said.
  EXPIRED: { status: 'expired', reason: null, retry: 'later', reportedBy: 'carrier' },

  MOBILE_NOT_ON_SERVICE: lost('handset', 'later'),
  MOBILE_ACCOUNT_ABNORMAL: lost('handset', 'later'),
  // The documented spelling, and the one in the published table.
  MOBLLE_TERMINAL_ERROR: lost('handset', 'later'),
  MOBILE_TERMINAL_ERROR: lost('handset', 'later'),
  INVALID_NUMBER: lost('number', 'never'),
  SP_NOT_BY_INTER_SMS: lost('number', 'never'),
  MOBILE_IN_BLACK: lost('blocked', 'never'),
  USER_REJECT: lost('blocked', 'never'),
  MOBILE_SEND_LIMIT: lost('throttled', 'later'),
  CONTENT_KEYWORD: lost('content', 'after-fix'),
  CONTENT_ERROR: lost('content', 'after-fix'),
  SIGNATURE_BLACKLIST: lost('content', 'after-fix'),
  IS_CLOSE: lost('route', 'later'),
  NO_ROUTE: lost('route', 'later'),
  PORT_NOT_REGISTERED: lost('route', 'after-fix'),
  // The carrier itself gives no cause; two spellings.
  SP_UNKNOWN_ERROR: lost('unknown', 'unknown'),
  SP_UNKNOW_ERROR: lost('unknown', 'unknown'),

  // The international product: in its samples of delivered messages and of an unexplained failure. Its own list of codes
  // (https://help.aliyun.com/zh/sms/error-code-intl) is known as far as the codes of the sending call only.
  success: reached('delivered', 'carrier'),
  UNKNOW: lost('unknown', 'unknown'),

  PARAMS_ILLEGAL: refused('config', 'after-fix'),
  'isv.UNSUPPORTED_CONTENT': refused('content', 'after-fix'),
  'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE': refused('content', 'after-fix'),
  'isv.SMS_CONTENT_ILLEGAL': refused('content', 'after-fix'),
  'isv.SMS_SIGN_ILLEGAL': refused('content', 'after-fix'),
  'isv.SIGN_SOURCE_ILLEGAL': refused('content', 'after-fix'),
  'isv.SMS_SIGNATURE_SCENE_ILLEGAL': refused('content', 'after-fix'),
  'isv.ONE_CODE_MULTIPLE_SIGN': refused('config', 'after-fix'),
  'isv.CODE_EXCEED_LIMIT': refused('config', 'after-fix'),
  'isv.CODE_ERROR': refused('config', 'after-fix'),
  'isv.EXTEND_CODE_ERROR': refused('config', 'after-fix'),
  'isv.CUSTOMER_REFUSED': refused('blocked', 'never'),
  'isv.DAY_LIMIT_CONTROL': refused('throttled', 'later'),
  'isv.MONTH_LIMIT_CONTROL': refused('throttled', 'later'),
  'isv.DOMESTIC_NUMBER_NOT_SUPPORTED': refused('config', 'after-fix'),
  'isv.DENY_IP_RANGE': refused('config', 'after-fix'),
  'isp.RAM_PERMISSION_DENY': refused('config', 'after-fix'),
  'isv.OUT_OF_SERVICE': refused('config', 'after-fix'),
  'isv.PRODUCT_UN_SUBSCRIPT': refused('config', 'after-fix'),
  'isv.PRODUCT_UNSUBSCRIBE': refused('config', 'after-fix'),
  'isv.ACCOUNT_NOT_EXISTS': refused('config', 'after-fix'),
  'isv.ACCOUNT_ABNORMAL': refused('config', 'after-fix'),
};

/** A Map, so that a code such as `constructor` finds nothing. */
export const CODE_MEANINGS: ReadonlyMap<string, CodeMeaning> = new Map(Object.entries(CODES));

const BY_UPPER_CASE: ReadonlyMap<string, CodeMeaning> = new Map(
  Object.entries(CODES).map(([code, meaning]) => [code.toUpperCase(), meaning]),
);

/**
 * The row of a code, in whatever case of letters it comes: the vendor's samples hold `success` beside `DELIVERED`. The
 * case is not part of an event's id, so it must not make a difference here either.
 */
export function meaningOf(code: string): CodeMeaning | undefined {
  return BY_UPPER_CASE.get(code.toUpperCase());
}

/**
 * `sign_status` and `template_status`: https://help.aliyun.com/document_detail/120998.html and
 * https://help.aliyun.com/document_detail/120999.htm, read in November 2026.
 */
export const REVIEW_STATUSES: ReadonlyMap<string, ReviewStatus> = new Map([
  ['approving', 'pending'],
  ['approved', 'approved'],
  ['rejected', 'rejected'],
]);

/** What a delivery report can state about a message. */
export type StatedStatus = 'pending' | 'delivered' | 'failed' | 'expired';

/**
 * `SendStatus` of 2019, `Status` of the international product and `status` of GlobeSmsReport, upper case; 1 is not here,
 * because its meaning depends on more than its digits. 2 and 6: the delivery report page of the international site of
 * 2019 and https://help.aliyun.com/zh/sms/smsreport-http-intl. 3: https://www.alibabacloud.com/help/doc-detail/73871.htm
 * (January 2019). Words: the sample of the page of 2019 (sic), the spelling of SMPP, and how its table names the numbers.
 * Read in November 2026.
 */
export const SEND_STATUSES: ReadonlyMap<string, StatedStatus> = new Map([
  ['2', 'failed'],
  ['3', 'delivered'],
  ['6', 'expired'],
  ['DELIVERD', 'delivered'],
  ['DELIVRD', 'delivered'],
  ['DELIVERED', 'delivered'],
  ['FAILED', 'failed'],
  ['EXPIRED', 'expired'],
]);

/**
 * `render_status` of MnsCardVender: https://help.aliyun.com/zh/sms/developer-reference/mnscardvender, read in November
 * 2026. The page says that only successes are pushed. (GetCardSmsDetails numbers the same thing differently.)
 */
export const RENDER_STATUSES: ReadonlyMap<string, MessageStatus> = new Map([['0', 'rendered']]);

/**
 * `approval_status` and `state` of MnsCardTemplate: https://help.aliyun.com/zh/sms/developer-reference/mnscardtemplate-1,
 * read in November 2026.
 */
export const CARD_REVIEW_STATES: ReadonlyMap<string, ReviewStatus> = new Map([
  ['0', 'pending'],
  ['1', 'approved'],
  ['2', 'rejected'],
]);

/** The words of its summary `desc`, one line per handset maker; same page. */
export const CARD_REVIEW_WORDS: ReadonlyMap<string, ReviewStatus> = new Map([
  ['通过', 'approved'],
  ['驳回', 'rejected'],
]);

/** Who uses codes that are not in the table: the platform marks its own with `isv.` (sender) or `isp.` (platform). */
export function reporterOf(code: string): ReportedBy {
  return /^is[vp]\./i.test(code) ? 'provider' : 'carrier';
}

function reached(status: MessageStatus, reportedBy: ReportedBy): CodeMeaning {
  return { status, reason: null, retry: null, reportedBy };
}

/** The carrier or the handset did not take it. */
function lost(reason: StatusReason, retry: RetryAdvice): CodeMeaning {
  return { status: 'failed', reason, retry, reportedBy: 'carrier' };
}

/** The platform did not let it out. */
function refused(reason: StatusReason, retry: RetryAdvice): CodeMeaning {
  return { status: 'failed', reason, retry, reportedBy: 'provider' };
}
