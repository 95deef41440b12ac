import {
  storableText,
  type CanonicalEvent,
  type Channel,
  type Extra,
  type ReviewStatus,
  type ReviewSubjectKind,
  type ReviewVerdict,
} from '#contracts';
import { storableOrNull } from '../event-values.js';
import type { ReceiptContext } from '../provider.js';
import { MAPPING_REVISION } from './status-map.js';

const TYPE = 'io.quittance.review.status-reported.v1';

/** What a receipt says about a review; texts as they came. */
export interface Review {
  readonly kind: ReviewSubjectKind;
  readonly id: string;
  readonly name: string | null;
  readonly channel: Channel;
  /** The work order. */
  readonly reviewId: string | null;
  readonly status: ReviewStatus;
  /** The vendor's word for `status`. */
  readonly providerStatus: string;
  readonly reason: string | null;
  /** Storable already. */
  readonly verdicts: readonly ReviewVerdict[];
  /** What tells this fact from others about the same subject. */
  readonly fact: readonly (string | null)[];
  /** RFC 3339, UTC, milliseconds. */
  readonly submittedAt: string | null;
  readonly extra: Extra;
}

/**
 * A review as an event. No payload says when a review was decided, at best when it was applied for, so it happened when
 * it was first observed.
 */
export function reviewEvent(review: Review, context: ReceiptContext): CanonicalEvent<typeof TYPE> {
  const { kind, id } = review;
  const { account, identity } = context;
  const reviewKey = identity.reviewKey('alibaba', account, kind, id);
  return {
    id: identity.eventId(TYPE, 'alibaba', account, [kind, id, ...review.fact]),
    type: TYPE,
    source: context.source,
    subject: reviewKey,
    time: context.observedAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: review.channel,
      labels: context.labels,
      reviewKey,
      subject: { kind, id: storableText(id), name: storableOrNull(review.name), language: null },
      reviewId: storableOrNull(review.reviewId),
      status: review.status,
      reason: storableOrNull(review.reason),
      providerStatus: storableText(review.providerStatus),
      verdicts: review.verdicts,
      submittedAt: review.submittedAt,
      occurredAt: context.observedAt,
      occurredAtFrom: 'observed',
      mappingRevision: MAPPING_REVISION,
      extra: review.extra,
    },
  };
}
