import { storableText, type AccountStatusReported, type CanonicalEvent } from '#contracts';
import { idText, textOf, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { observedFact } from '../observed-fact.js';
import { internationalNumber } from '../phone-number.js';
import { isUnreadable, type JsonObject, type ReceiptContext, type ReceiptType, type Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { CHAT_APP_DEADLINE, readField, refuseOther } from './chat-app-receipt.js';
import { businessSender, type BusinessSender } from './chat-app-sender.js';
import { CHAT_APP_AUDIT_STATUSES, CHAT_APP_MAPPING_REVISION } from './chat-app-status-map.js';
import { storableOrNull } from '../event-values.js';

const REVIEW = 'io.quittance.review.status-reported.v1';
const ACCOUNT = 'io.quittance.account.status-reported.v1';

/**
 * The review of a message template (version 1), and beside it notices about numbers, accounts and templates (version 2,
 * for ISVs). HTTP: https://help.aliyun.com/zh/chatapp/developer-reference/chatappaudit-1, queue: chatappaudit beside it.
 * It has neither time nor id: a fact is its content and when it was observed.
 */
export interface ChatAppAudit {
  readonly WabaId: string;
  /** Absent in version 1, which knows templates only. */
  readonly Type?: string;
  readonly TemplateCode?: string;
  readonly Language?: string;
  readonly TemplateName?: string;
  /** chat-app-status-map.ts; of a template's review only. */
  readonly AuditStatus?: string;
  /** Empty unless it failed. */
  readonly Reason?: string;
  readonly PhoneNumber?: string;
  /** The new state; of a number's quality GREEN, YELLOW, RED, UNKNOWN. */
  readonly Status?: string;
  /** How many people may be written to a day, as a tier. */
  readonly CurrentLimit?: string;
}

const FIELDS = [
  'WabaId',
  'Type',
  'TemplateCode',
  'Language',
  'TemplateName',
  'AuditStatus',
  'Reason',
  'PhoneNumber',
  'Status',
  'CurrentLimit',
] as const satisfies readonly (keyof ChatAppAudit)[];

/** What a notice of version 2 is about, where its id stands, and which side of it it describes. */
interface Notice {
  readonly kind: AccountStatusReported['subject']['kind'];
  readonly idField: 'PhoneNumber' | 'WabaId' | 'TemplateCode';
  readonly aspect: AccountStatusReported['aspect'];
}

/** `Type` of version 2, in lower case; same pages, read in November 2026. Only `template` is a review. */
export const CHAT_APP_NOTICES: ReadonlyMap<string, Notice> = new Map([
  ['phonenameupdate', { kind: 'phone-number', idField: 'PhoneNumber', aspect: 'display-name' }],
  ['phonequalityupdate', { kind: 'phone-number', idField: 'PhoneNumber', aspect: 'quality' }],
  ['wabareviewupdate', { kind: 'business-account', idField: 'WabaId', aspect: 'review' }],
  ['wabaaccountupdate', { kind: 'business-account', idField: 'WabaId', aspect: 'restriction' }],
  ['templatecategoryupdate', { kind: 'template', idField: 'TemplateCode', aspect: 'category' }],
  ['templatequalityupdate', { kind: 'template', idField: 'TemplateCode', aspect: 'quality' }],
]);

/** `ChatAppAudit`. */
export const chatAppAudit: ReceiptType = {
  name: 'ChatAppAudit',
  channel: null,
  deadline: CHAT_APP_DEADLINE,
  timeless: true,
  readElements: readJsonElements,
  map: mapChatAppAudit,
};

function mapChatAppAudit(received: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const element = withTrimmedKeys(received);
  const other = refuseOther(element, 'ChatAppAudit', FIELDS);
  if (other !== null) return other;
  const business = businessSender(
    [idText(element.PhoneNumber), idText(element.WabaId)],
    'PhoneNumber, WabaId',
    context,
  );
  if (isUnreadable(business)) return business;
  const type = textOf(element.Type)?.toLowerCase() ?? 'template';
  if (type === 'template') return reviewEvent(element, business, context);
  const notice = CHAT_APP_NOTICES.get(type);
  if (notice === undefined) return unreadable('FIELD_INVALID', 'Type is none that is known');
  return noticeEvent(element, notice, business, context);
}

const REVIEW_FIELDS: ReadonlySet<string> = new Set<keyof ChatAppAudit>([
  'Type',
  'TemplateCode',
  'Language',
  'TemplateName',
  'AuditStatus',
  'Status',
  'Reason',
]);

function reviewEvent(
  element: JsonObject,
  business: BusinessSender,
  context: ReceiptContext,
): CanonicalEvent<typeof REVIEW> | Unreadable {
  const code = idText(element.TemplateCode);
  if (code === null) return unreadableField('TemplateCode', element.TemplateCode);
  const { text: providerStatus, unread } = readField(element, ['AuditStatus', 'Status']);
  if (providerStatus === null) return unreadableField('AuditStatus', element.AuditStatus);
  let extra = unknownFields(element, REVIEW_FIELDS);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');
  for (const name of unread) extra = withUnreadField(extra, name, element[name]);

  const language = textOf(element.Language);
  const { account, identity, observedAt } = context;
  const reviewKey = identity.reviewKey('alibaba', account, 'chat-template', templateVersion(code, language));
  return {
    id: factId(REVIEW, element, context),
    type: REVIEW,
    source: context.source,
    subject: reviewKey,
    time: observedAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: business.channel,
      labels: business.labels,
      reviewKey,
      subject: {
        kind: 'chat-template',
        id: storableText(code),
        name: storableOrNull(textOf(element.TemplateName)),
        language: storableOrNull(language),
      },
      reviewId: null,
      status: CHAT_APP_AUDIT_STATUSES.get(providerStatus.toLowerCase()) ?? 'unknown',
      reason: storableOrNull(textOf(element.Reason)),
      providerStatus: storableText(providerStatus),
      verdicts: [],
      submittedAt: null,
      occurredAt: observedAt,
      occurredAtFrom: 'observed',
      mappingRevision: CHAT_APP_MAPPING_REVISION,
      extra,
    },
  };
}

function noticeEvent(
  element: JsonObject,
  { kind, idField, aspect }: Notice,
  business: BusinessSender,
  context: ReceiptContext,
): CanonicalEvent<typeof ACCOUNT> | Unreadable {
  const given = idText(element[idField]);
  if (given === null) return unreadableField(idField, element[idField]);
  // AuditStatus is required on paper, and means nothing here; it is better than nothing.
  const { text: value, unread } = readField(element, ['Status', 'AuditStatus']);
  if (value === null) return unreadableField('Status', element.Status);
  let extra = unknownFields(element, new Set([idField, 'Type', 'Status', 'AuditStatus', 'CurrentLimit', 'Reason']));
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');
  for (const name of unread) extra = withUnreadField(extra, name, element[name]);

  // With and without `+` it is the same number.
  const number = kind === 'phone-number' ? internationalNumber(given) : null;
  const id = number === null ? given : (number.e164 ?? number.canonical);
  const version = kind === 'template' ? templateVersion(id, textOf(element.Language)) : id;
  const { account, identity, observedAt } = context;
  const subjectKey = identity.subjectKey('alibaba', account, kind, version, aspect);
  return {
    id: factId(ACCOUNT, element, context),
    type: ACCOUNT,
    source: context.source,
    subject: subjectKey,
    time: observedAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: business.channel,
      labels: business.labels,
      subjectKey,
      subject: { kind, id: storableText(id) },
      aspect,
      value: storableText(value),
      limit: storableOrNull(textOf(element.CurrentLimit)),
      reason: storableOrNull(textOf(element.Reason)),
      occurredAt: observedAt,
      occurredAtFrom: 'observed',
      extra,
    },
  };
}

/**
 * A template has one code and may have several languages, each with a review and a quality of its own
 * (https://www.alibabacloud.com/help/en/chatapp/developer-reference/api-cams-2020-06-06-getchatapptemplatedetail asks
 * for both). One key for all of them would let the last language speak for every other.
 */
function templateVersion(code: string, language: string | null): string {
  return language === null ? code : JSON.stringify([code, language]);
}

function factId(type: string, element: JsonObject, context: ReceiptContext): string {
  return context.identity.eventId(type, 'alibaba', context.account, observedFact(element, context));
}
