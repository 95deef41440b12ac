export { backoffDelay, pause, type Backoff } from './backoff.js';
export { BatchConsumer } from './batch-consumer.js';
export type { BatchConsumerOptions, ConsumerHealth } from './batch-consumer-options.js';
export { BatchHandler } from './batch-handler.js';
export { batchStretch, type BatchStretch } from './batch-stretch.js';
export type { KafkaLogger, KafkaSettings } from './client.js';
export type { TopicProgress } from './consumer-progress.js';
export { deadLetterRecord, LEFT_AT_ORIGIN, type DeadLetter } from './dead-letter-record.js';
export {
  PermanentError,
  PositionMovedError,
  PositionOutsideLogError,
  PublishFailedError,
  QueueFullError,
  QueueTimeoutError,
  RecordTooLargeError,
  TransientError,
  type RefusedRecord,
} from './errors.js';
export { GroupCommitProducer, type GroupCommitProducerOptions, type PublishOptions } from './group-commit-producer.js';
export { LAG_LOOK_EVERY } from './lag-look.js';
export { partitionOfKey } from './murmur2.js';
export { readTopic } from './read-topic.js';
export { MAX_RECORD_BYTES } from './record-size.js';
export {
  headerText,
  headerValues,
  recordOrigin,
  type IncomingRecord,
  type OutgoingRecord,
  type RecordHeaders,
} from './records.js';
export { TopicIdentities } from './topic-identity.js';
export type { TopicIdentity } from './topic-identity-request.js';
export { groupOffsets } from './group-offsets.js';
export { groupReaders } from './group-readers.js';
export type { KafkaSasl, KafkaTls } from './security.js';
export { scanTopic, type ScanOptions } from './scan-topic.js';
export { spanOf, type OnRemoved, type Stretch } from './stretches.js';
export { offsetsBehind, offsetsSince, topicOffsets, type TopicOffsets } from './topic-offsets.js';
export { TopicReader } from './topic-reader.js';
export { setUpTopics, type TopicSetUpOptions, type TopicSetUpResult } from './topic-setup.js';
