import type {
  Channel,
  Count,
  E164,
  EventOrigin,
  Extra,
  Instant,
  Labels,
  MessageStatus,
  ProviderId,
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
export class MessageStatusReported implements EventOrigin {
  declare readonly provider: ProviderId;
  declare readonly account: string;
  declare readonly channel: Channel;
  declare readonly labels: Labels;
  /** The aggregate that the report belongs to. */
  declare readonly messageKey: Uuid;
  /** The provider's id of the message or batch. */
  declare readonly messageId: string | null;
  /** The business number, page or sender name that it was sent from. */
  declare readonly sender: string | null;
  declare readonly recipient: E164 | null;
  /** The recipient exactly as the provider wrote it. */
  declare readonly recipientRaw: string | null;
  /** The provider's own id of the person, where it has one. */
  declare readonly recipientUserId: string | null;
  declare readonly segment: Segment | null;
  /** How many segments the provider billed; information only. */
  declare readonly segmentCount: Count | null;
  declare readonly status: MessageStatus;
  /** The provider expects to say no more; a later report may still change the state. */
  declare readonly final: boolean;
  declare readonly reason: StatusReason | null;
  declare readonly retry: RetryAdvice | null;
  declare readonly reportedBy: ReportedBy | null;
  /** The provider's own word for the outcome. */
  declare readonly providerStatus: string | null;
  /** The provider's or the carrier's code, verbatim. */
  declare readonly providerCode: string | null;
  declare readonly providerDescription: string | null;
  /** The caller's own id, as given when sending (out_id, ExternalId, TaskId, extend, ext). */
  declare readonly reference: string | null;
  /** When it was handed to the carrier. */
  declare readonly sentAt: Instant | null;
  declare readonly occurredAt: Instant;
  declare readonly occurredAtFrom: TimeOrigin;
  /** Version of the tables that mapped the provider's values; for one event id the highest replaces what was mapped. */
  declare readonly mappingRevision: Count;
  declare readonly extra: Extra;
}

/** `io.quittance.message.submitted.v1`: a sending service told us that it submitted a message. */
export class MessageSubmitted implements EventOrigin {
  declare readonly provider: ProviderId;
  declare readonly account: string;
  declare readonly channel: Channel;
  declare readonly labels: Labels;
  declare readonly messageKey: Uuid;
  declare readonly messageId: string;
  declare readonly sender: string | null;
  declare readonly recipient: E164 | null;
  declare readonly reference: string | null;
  declare readonly submittedAt: Instant;
  /**
   * How long to wait for a final report before Quittance itself says `expired`. An ISO 8601 duration.
   * @format duration
   */
  declare readonly expectReportWithin: string | null;
}

/** How the segments of a message stand. Without segment reports `total` is null and the counts are 0. */
export interface SegmentCounts {
  readonly total: Count | null;
  readonly delivered: Count;
  readonly failed: Count;
  readonly pending: Count;
}

/** `io.quittance.message.status-changed.v1`: the state of a message became this. Full state each time. */
export class MessageStatusChanged implements EventOrigin {
  declare readonly provider: ProviderId;
  declare readonly account: string;
  declare readonly channel: Channel;
  declare readonly labels: Labels;
  declare readonly messageKey: Uuid;
  declare readonly messageId: string | null;
  declare readonly sender: string | null;
  declare readonly recipient: E164 | null;
  declare readonly recipientUserId: string | null;
  declare readonly reference: string | null;
  declare readonly status: MessageStatus;
  /** The status before this change; null when this is the first. */
  declare readonly previousStatus: MessageStatus | null;
  declare readonly final: boolean;
  declare readonly reason: StatusReason | null;
  declare readonly retry: RetryAdvice | null;
  declare readonly reportedBy: ReportedBy | null;
  declare readonly providerStatus: string | null;
  declare readonly providerCode: string | null;
  declare readonly providerDescription: string | null;
  declare readonly segments: SegmentCounts;
  /** The provider reported a failure, expiry or deletion beside a delivery. The delivery stands. */
  declare readonly conflict: boolean;
  declare readonly submittedAt: Instant | null;
  declare readonly sentAt: Instant | null;
  declare readonly occurredAt: Instant;
  declare readonly occurredAtFrom: TimeOrigin;
  /** Id of the event that caused the change. */
  declare readonly causedBy: Uuid;
  /** Grows by one with every published change of this message: drop what is not newer than what you have. */
  declare readonly revision: Count;
}
