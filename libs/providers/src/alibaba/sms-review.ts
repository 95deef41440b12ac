import type { CanonicalEvent, ReviewSubjectKind } from '#contracts';
import { idText, isPresent, textOf } from '../field-readers.js';
import { localTimeToUtc } from '../local-time.js';
import { observedFact } from '../observed-fact.js';
import { plausible } from '../plausible-time.js';
import type { JsonObject, ReceiptContext, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable } from '../unreadable.js';
import { reviewEvent } from './review.js';
import { REVIEW_STATUSES } from './status-map.js';

/** What signature and template reviews do not have in common, read by the receipt type. */
export interface SmsReviewElement {
  readonly kind: ReviewSubjectKind;
  readonly id: string;
  readonly name: string | null;
  /** The vendor's word for where the review stands. */
  readonly providerStatus: string;
  /** Keys that are read; everything else goes to `extra`. */
  readonly known: ReadonlySet<string>;
}

/** The review of a signature or template of plain messages, with what both receipts have. */
export function smsReviewEvent(
  element: JsonObject,
  review: SmsReviewElement,
  context: ReceiptContext,
): CanonicalEvent | Unreadable {
  let extra = unknownFields(element, review.known);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  // HTTP pages spell it orderId, the older queue pages order_id.
  const httpOrder = idText(element.orderId);
  const queueOrder = idText(element.order_id);
  const reviewId = httpOrder ?? queueOrder;
  if (queueOrder !== null && queueOrder !== reviewId) extra = withUnreadField(extra, 'order_id', element.order_id);

  const createDate = textOf(element.create_date);
  const submittedAt = createDate === null ? null : plausible(localTimeToUtc(createDate, context.timeZone), context);
  if (submittedAt === null && isPresent(element.create_date)) {
    extra = withUnreadField(extra, 'create_date', element.create_date);
  }

  const { kind, id, name, providerStatus } = review;
  const status = providerStatus.toLowerCase();
  return reviewEvent(
    {
      kind,
      id,
      name,
      channel: 'sms',
      reviewId,
      status: REVIEW_STATUSES.get(status) ?? 'unknown',
      providerStatus,
      reason: textOf(element.reason),
      verdicts: [],
      fact: factOf(reviewId, status, submittedAt === null ? null : createDate) ?? observedFact(element, context),
      submittedAt,
      extra,
    },
    context,
  );
}

/**
 * The work order tells one review of a subject from the next; where there is none, the time of the application does,
 * as it came. A time that nobody can read may be the same for all reviews, so it does not count.
 * @returns null if there is neither
 */
function factOf(reviewId: string | null, status: string, createDate: string | null): readonly (string | null)[] | null {
  if (reviewId !== null) return [reviewId, status];
  return createDate === null ? null : [null, status, createDate];
}
