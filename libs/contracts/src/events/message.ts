import type {
  Count,
  E164,
  EventOrigin,
  Extra,
  Instant,
  MessageStatus,
  ReportedBy,
  RetryAdvice,
  StatusReason,
  TimeOrigin,
  Uuid,
} from './vocabulary.js';

/** One part of a concatenated message. */
export interface Segment {
  /** Which one, from 1. */
  readonly number: Count;
  /** How many there are. */
  readonly total: Count;
}

/** `io.quittance.message.status-reported.v1`: a provider reported the status of a message, or of one segment of it. */
export interface MessageStatusReported extends EventOrigin {
  /** The aggregate that the report belongs to. */
  readonly messageKey: Uuid;
  /** The provider's id of the message or batch. */
  readonly messageId: string | null;
  /** The business number, page or sender name that it was sent from. */
  readonly sender: string | null;
  readonly recipient: E164 | null;
  /** The recipient exactly as the provider wrote it. */
  readonly recipientRaw: string | null;
  /** The provider's own id of the person, where it has one. */
  readonly recipientUserId: string | null;
  readonly segment: Segment | null;
  /** How many segments the provider billed; information only. */
  readonly segmentCount: Count | null;
  readonly status: MessageStatus;
  /** The provider expects to say no more; a later report may still change the state. */
  readonly final: boolean;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  readonly reportedBy: ReportedBy | null;
  /** The provider's own word for the outcome. */
  readonly providerStatus: string | null;
  /** The provider's or the carrier's code, verbatim. */
  readonly providerCode: string | null;
  readonly providerDescription: string | null;
  /** The caller's own id, as given when sending (out_id, ExternalId, TaskId, extend, ext). */
  readonly reference: string | null;
  /** When it was handed to the carrier. */
  readonly sentAt: Instant | null;
  readonly occurredAt: Instant;
  readonly occurredAtFrom: TimeOrigin;
  /** Version of the tables that mapped the provider's values; for one event id the highest replaces what was mapped. */
  readonly mappingRevision: Count;
  readonly extra: Extra;
}

/**
 * `io.quittance.message.submitted.v1`: a sending service told us that it submitted a message. There is one such fact for
 * each message, however often it is told.
 */
export interface MessageSubmitted extends EventOrigin {
  readonly messageKey: Uuid;
  readonly messageId: string;
  readonly sender: string | null;
  readonly recipient: E164 | null;
  readonly reference: string | null;
  readonly submittedAt: Instant;
  /**
   * How long to wait for a final report before Quittance itself says `expired`. An ISO 8601 duration.
   * @format duration
   */
  readonly expectReportWithin: string | null;
}

/** How the segments of a message stand. Without segment reports `total` is null and the counts are 0. */
export interface SegmentCounts {
  readonly total: Count | null;
  readonly delivered: Count;
  readonly failed: Count;
  readonly pending: Count;
}

/** `io.quittance.message.status-changed.v1`: the state of a message became this. Full state each time. */
export interface MessageStatusChanged extends EventOrigin {
  readonly messageKey: Uuid;
  readonly messageId: string | null;
  readonly sender: string | null;
  readonly recipient: E164 | null;
  readonly recipientUserId: string | null;
  readonly reference: string | null;
  readonly status: MessageStatus;
  /** The status before this change; null when this is the first. */
  readonly previousStatus: MessageStatus | null;
  readonly final: boolean;
  readonly reason: StatusReason | null;
  readonly retry: RetryAdvice | null;
  readonly reportedBy: ReportedBy | null;
  readonly providerStatus: string | null;
  readonly providerCode: string | null;
  readonly providerDescription: string | null;
  readonly segments: SegmentCounts;
  /** The provider reported a failure, expiry or deletion beside a delivery. The delivery stands. */
  readonly conflict: boolean;
  readonly submittedAt: Instant | null;
  readonly sentAt: Instant | null;
  readonly occurredAt: Instant;
  readonly occurredAtFrom: TimeOrigin;
  /** Id of the event that caused the change. */
  readonly causedBy: Uuid;
  /** Grows by one with every published change of this message: drop what is not newer than what you have. */
  readonly revision: Count;
}
