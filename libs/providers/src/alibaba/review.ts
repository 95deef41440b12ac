import { storableText, type CanonicalEvent, type ReviewSubjectKind } from '#contracts';
import { idText, isPresent, textOf } from '../field-readers.js';
import { localTimeToUtc } from '../local-time.js';
import type { JsonObject, ReceiptContext, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable } from '../unreadable.js';
import { storableOrNull } from './event-values.js';
import { MAPPING_REVISION, REVIEW_STATUSES } from './status-map.js';

const TYPE = 'io.quittance.review.status-reported.v1';

/** What signature and template reviews have in common, read by the receipt type. */
export interface ReviewElement {
  readonly kind: ReviewSubjectKind;
  readonly id: string;
  readonly name: string | null;
  /** The vendor's word for where the review stands. */
  readonly providerStatus: string;
  /** Keys that the receipt type reads; everything else goes to `extra`. */
  readonly known: ReadonlySet<string>;
}

/**
 * A review as an event. The payload says when the review was applied for, not when it was decided, so it happened when
 * it was first observed.
 */
export function reviewEvent(
  element: JsonObject,
  review: ReviewElement,
  context: ReceiptContext,
): CanonicalEvent<typeof TYPE> | Unreadable {
  let extra = unknownFields(element, review.known);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  // HTTP pages spell it orderId, the older queue pages order_id.
  const httpOrder = idText(element.orderId);
  const queueOrder = idText(element.order_id);
  const reviewId = httpOrder ?? queueOrder;
  if (queueOrder !== null && queueOrder !== reviewId) extra = withUnreadField(extra, 'order_id', element.order_id);

  const createDate = textOf(element.create_date);
  const submittedAt = createDate === null ? null : localTimeToUtc(createDate, context.timeZone);
  if (submittedAt === null && isPresent(element.create_date)) {
    extra = withUnreadField(extra, 'create_date', element.create_date);
  }

  const { kind, id, name, providerStatus } = review;
  const { account, identity } = context;
  const reviewKey = identity.reviewKey('alibaba', account, kind, id);
  return {
    id: identity.eventId(TYPE, 'alibaba', account, [kind, id, reviewId, providerStatus]),
    type: TYPE,
    source: context.source,
    subject: reviewKey,
    time: context.observedAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: 'sms',
      labels: context.labels,
      reviewKey,
      subject: { kind, id: storableText(id), name: storableOrNull(name), language: null },
      reviewId: storableOrNull(reviewId),
      status: REVIEW_STATUSES.get(providerStatus.toLowerCase()) ?? 'unknown',
      reason: storableOrNull(textOf(element.reason)),
      providerStatus: storableText(providerStatus),
      verdicts: [],
      submittedAt,
      occurredAt: context.observedAt,
      occurredAtFrom: 'observed',
      mappingRevision: MAPPING_REVISION,
      extra,
    },
  };
}
