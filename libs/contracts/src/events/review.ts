import type {
  Channel,
  Count,
  EventOrigin,
  Extra,
  Instant,
  Labels,
  ProviderId,
  ReviewStatus,
  ReviewSubjectKind,
  TimeOrigin,
  Uuid,
} from './vocabulary.js';

/** What is reviewed. */
export interface ReviewSubject {
  readonly kind: ReviewSubjectKind;
  /** Its id at the provider; where there is none (SMS signatures) its name. */
  readonly id: string;
  readonly name: string | null;
  readonly language: string | null;
}

/** What one handset vendor or carrier said. */
export interface ReviewVerdict {
  readonly vendor: string;
  readonly status: ReviewStatus;
  readonly description: string | null;
}

/** `io.quittance.review.status-reported.v1`: the provider reported how a review stands. */
export class ReviewStatusReported implements EventOrigin {
  declare readonly provider: ProviderId;
  declare readonly account: string;
  declare readonly channel: Channel;
  declare readonly labels: Labels;
  declare readonly reviewKey: Uuid;
  declare readonly subject: ReviewSubject;
  /** The work order. One subject may be reviewed several times. */
  declare readonly reviewId: string | null;
  declare readonly status: ReviewStatus;
  /** The provider's words when it refused. */
  declare readonly reason: string | null;
  declare readonly providerStatus: string | null;
  declare readonly verdicts: readonly ReviewVerdict[];
  /** When the review was applied for. */
  declare readonly submittedAt: Instant | null;
  declare readonly occurredAt: Instant;
  declare readonly occurredAtFrom: TimeOrigin;
  declare readonly mappingRevision: Count;
  declare readonly extra: Extra;
}

/** `io.quittance.review.status-changed.v1`: a review became this. Full state each time. */
export class ReviewStatusChanged extends ReviewStatusReported {
  declare readonly previousStatus: ReviewStatus | null;
  /** Id of the event that caused the change. */
  declare readonly causedBy: Uuid;
  /** Grows by one with every published change of this review: drop what is not newer than what you have. */
  declare readonly revision: Count;
}
