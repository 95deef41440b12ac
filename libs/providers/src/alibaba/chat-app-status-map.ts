import type { MessageStatus, ReportedBy, RetryAdvice, ReviewStatus, StatusReason } from '#contracts';

/**
 * Version of the tables in this file; see status-map.ts. chat-app-status-map.spec.ts holds a hash per revision.
 */
export const CHAT_APP_MAPPING_REVISION = 1;

/** What a `Status` means. */
export interface ChatAppStatusMeaning {
  readonly status: MessageStatus;
  readonly final: boolean;
}

/**
 * `Status` of ChatAppStatus, in lower case: the oldest generation writes them so, later ones `Delivered`.
 * https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappstatus, read in November 2026. `Deleted` is
 * documented and, for WhatsApp, not pushed at present. A delivery is final although a read may follow: whether the
 * person lets the app say so is nobody's to wait for.
 */
export const CHAT_APP_STATUSES: ReadonlyMap<string, ChatAppStatusMeaning> = new Map([
  ['sent', { status: 'sent', final: false }],
  ['delivered', { status: 'delivered', final: true }],
  ['read', { status: 'read', final: true }],
  ['failed', { status: 'failed', final: true }],
  ['deleted', { status: 'deleted', final: true }],
]);

/** `Status` values of ChatAppStatus that are no message's status but a person's consent; Viber only, same page. */
export const CHAT_APP_SUBSCRIPTIONS: ReadonlySet<string> = new Set(['subscribe', 'unsubscribe']);

/** Why a message failed. */
export interface ChatAppFailure {
  readonly reason: StatusReason;
  readonly retry: RetryAdvice;
  readonly reportedBy: ReportedBy;
}

/**
 * `ErrorCode` of ChatAppStatus: the app's own code (Meta's, for WhatsApp). The vendor's pages list none; what stands here
 * is in their samples. All others are failures of unknown reason.
 *
 * 131026, "Receiver is incapable of receiving this message": the number has no WhatsApp account, or one that cannot take
 * this message (terms not accepted, old version). Hence the number, and no telling whether it helps to try again.
 */
export const CHAT_APP_FAILURES: ReadonlyMap<string, ChatAppFailure> = new Map([
  ['131026', { reason: 'number', retry: 'unknown', reportedBy: 'carrier' }],
]);

/**
 * `AuditStatus` of ChatAppAudit, in lower case: https://help.aliyun.com/zh/chatapp/developer-reference/chatappaudit-1,
 * read in November 2026. One English edition writes `Audit` for `auditing`.
 */
export const CHAT_APP_AUDIT_STATUSES: ReadonlyMap<string, ReviewStatus> = new Map([
  ['pass', 'approved'],
  ['fail', 'rejected'],
  ['auditing', 'pending'],
  ['audit', 'pending'],
  ['unaudit', 'pending'],
  ['disabled', 'disabled'],
  ['paused', 'paused'],
]);
