import type {
  Count,
  EventOrigin,
  Extra,
  Instant,
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
export interface ReviewStatusReported extends EventOrigin {
  readonly reviewKey: Uuid;
  readonly subject: ReviewSubject;
  /** The work order. One subject may be reviewed several times. */
  readonly reviewId: string | null;
  readonly status: ReviewStatus;
  /** The provider's words when it refused. */
  readonly reason: string | null;
  readonly providerStatus: string | null;
  readonly verdicts: readonly ReviewVerdict[];
  /** When the review was applied for. */
  readonly submittedAt: Instant | null;
  readonly occurredAt: Instant;
  readonly occurredAtFrom: TimeOrigin;
  readonly mappingRevision: Count;
  readonly extra: Extra;
}

/** `io.quittance.review.status-changed.v1`: a review became this. Full state each time. */
export interface ReviewStatusChanged extends ReviewStatusReported {
  readonly previousStatus: ReviewStatus | null;
  /** Id of the event that caused the change. */
  readonly causedBy: Uuid;
  /** Grows by one with every published change of this review: drop what is not newer than what you have. */
  readonly revision: Count;
}
