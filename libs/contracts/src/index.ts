export {
  ACCESS,
  accessRules,
  senderRules,
  subscriberRules,
  type Access,
  type AccessOperation,
  type AccessRule,
  type AccessUser,
} from './access.js';
export { canonicalJson } from './canonical-json.js';
export { encodeEvent, isEventType, type CanonicalEvent, type EventRecord } from './cloud-event.js';
export { DEAD_LETTER_CODES, DEAD_LETTER_HEADERS, REDRIVEN_FROM, type DeadLetterCode } from './dead-letters.js';
export { durationMilliseconds, durationText } from './duration.js';
export { dataSchema, EVENT_TYPES, schemaFile, type EventDataByType, type EventType } from './event-types.js';
export type { AccountStatusChanged, AccountStatusReported, AccountSubject } from './events/account.js';
export type {
  MessageStatusChanged,
  MessageStatusReported,
  MessageSubmitted,
  Segment,
  SegmentCounts,
} from './events/message.js';
export type { MessageContent, MessageOriginated, MessageReceived } from './events/mobile-originated.js';
export type { ReviewStatusChanged, ReviewStatusReported, ReviewSubject, ReviewVerdict } from './events/review.js';
export type {
  Channel,
  ContentKind,
  EventOrigin,
  Extra,
  Keyword,
  Labels,
  MessageStatus,
  ProviderId,
  ReportedBy,
  RetryAdvice,
  ReviewStatus,
  ReviewSubjectKind,
  StatusReason,
  TimeOrigin,
} from './events/vocabulary.js';
export { changeId, Identity, noReceiptId } from './identity.js';
export { isExactNumber, parseJson, type ExactNumber } from './json.js';
export { hourOf, LEDGER_HEADERS, type AcceptedCount, type AcceptedCounts } from './ledger.js';
export { numberDigits } from './number-digits.js';
export { RECEIPT_HEADERS, REDRIVE, type AuthenticatedBy } from './raw-receipt.js';
export { SPOOL_SILENCE, type SpoolReport } from './spool-report.js';
export { storableText } from './storable-text.js';
export { SUBMISSION_SCHEMA_FILE, type Submission } from './submission.js';
export { TRACE_HEADERS, type TraceHeaders } from './trace-headers.js';
export {
  consumerGroup,
  topicConfiguration,
  TOPICS,
  topicNames,
  type TopicConfiguration,
  type TopicDefinition,
  type TopicName,
  type TopicNames,
} from './topics.js';
export { isUntrustedCertificate } from './untrusted-certificate.js';
export { UUID } from './uuid.js';
