import { storableText, type CanonicalEvent, type ReviewSubjectKind } from '#contracts';
import { bareSignature, storableOrNull } from '../event-values.js';
import { hasAny, idText, integerText, isPresent, textOf } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { localTimeToUtc } from '../local-time.js';
import { observedFact } from '../observed-fact.js';
import { plausible } from '../plausible-time.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { MAPPING_REVISION } from './status-map.js';

const TYPE = 'io.quittance.review.status-reported.v1';

/**
 * The result of a review, of a sender name (https://www.volcengine.com/docs/6361/1866413 and, older,
 * https://www.volcengine.com/docs/6361/171587) or of a template (https://www.volcengine.com/docs/6361/171588). The pages
 * say array, their samples show one object. Everything else, such as `template_content`, `vms_audit_result`, `industry`
 * and `channel_type`, goes to `extra`.
 */
export interface Review {
  /** The work order, up to 64 bits. */
  readonly apply_id: number;
  readonly audit_result: boolean;
  /** Why it was rejected; absent otherwise. */
  readonly audit_opinion?: string;
  /** `yyyy-MM-dd HH:mm:ss`, without a zone. */
  readonly audit_time: string;
  /** The sender name that is reviewed. */
  readonly signature?: string;
  readonly template_id?: string;
  readonly template_name?: string;
}

/** What tells the two kinds apart. */
interface Subject {
  readonly kind: ReviewSubjectKind;
  /** Field that identifies what is reviewed. */
  readonly id: keyof Review;
  readonly name: keyof Review;
}

const COMMON = ['apply_id', 'audit_result', 'audit_opinion', 'audit_time'] as const;

/** `SignatureReview`: a sender name has no id, its text is what identifies it. */
export const signatureReview = reviewType('SignatureReview', {
  kind: 'sms-signature',
  id: 'signature',
  name: 'signature',
});

/** `TemplateReview` */
export const templateReview = reviewType('TemplateReview', {
  kind: 'sms-template',
  id: 'template_id',
  name: 'template_name',
});

function reviewType(name: string, subject: Subject): ReceiptType {
  const known: ReadonlySet<string> = new Set([...COMMON, subject.id, subject.name]);
  return {
    name,
    channel: 'sms',
    deadline: 2_000,
    readElements: readJsonElements,
    map: (element, context) => mapReview(element, subject, known, context),
  };
}

function mapReview(
  element: JsonObject,
  { kind, id: idField, name: nameField }: Subject,
  known: ReadonlySet<string>,
  context: ReceiptContext,
): CanonicalEvent<typeof TYPE> | Unreadable {
  if (!hasAny(element, ['audit_result']) || !hasAny(element, [idField])) {
    return unreadable('RECEIPT_TYPE_MISMATCH', `no audit_result, or no ${idField}`);
  }
  const id = kind === 'sms-signature' ? bareSignature(textOf(element[idField])) : idText(element[idField]);
  if (id === null) return unreadableField(idField, element[idField]);
  const providerStatus = textOf(element.audit_result);
  if (providerStatus === null) return unreadableField('audit_result', element.audit_result);

  let extra = unknownFields(element, known);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const auditTime = textOf(element.audit_time);
  const auditedAt = auditTime === null ? null : plausible(localTimeToUtc(auditTime, context.timeZone), context);
  if (auditedAt === null && isPresent(element.audit_time)) {
    extra = withUnreadField(extra, 'audit_time', element.audit_time);
  }

  const reviewId = integerText(element.apply_id);
  const name = kind === 'sms-signature' ? id : textOf(element[nameField]);
  const { account, identity } = context;
  const reviewKey = identity.reviewKey('volcengine', account, kind, id);
  const occurredAt = auditedAt ?? context.observedAt;
  const result = providerStatus.toLowerCase();
  // Without an order, and a time that can be read, nothing but the moment tells a verdict from an equal one after another.
  const isIdentified = reviewId !== null || auditedAt !== null;
  const fact = isIdentified ? [reviewId, result, auditTime] : [null, null, ...observedFact(element, context)];
  return {
    id: identity.eventId(TYPE, 'volcengine', account, [kind, id, ...fact]),
    type: TYPE,
    source: context.source,
    subject: reviewKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider: 'volcengine',
      account,
      channel: 'sms',
      labels: context.labels,
      reviewKey,
      subject: { kind, id: storableText(id), name: storableOrNull(name), language: null },
      reviewId: storableOrNull(reviewId),
      status: RESULTS.get(result) ?? 'unknown',
      reason: storableOrNull(textOf(element.audit_opinion)),
      providerStatus: storableText(providerStatus),
      verdicts: [],
      submittedAt: null,
      occurredAt,
      occurredAtFrom: auditedAt === null ? 'observed' : 'provider',
      mappingRevision: MAPPING_REVISION,
      extra,
    },
  };
}

const RESULTS = new Map([
  ['true', 'approved'],
  ['false', 'rejected'],
] as const) as ReadonlyMap<string, 'approved' | 'rejected'>;
