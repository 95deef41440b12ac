import type { KafkaLogger, KafkaSettings } from './client.js';
import type { PermanentError } from './errors.js';
import type { IncomingRecord } from './records.js';

/** How a batch consumer reads. */
export interface BatchConsumerOptions {
  readonly kafka: KafkaSettings;
  readonly logger: KafkaLogger;
  readonly groupId: string;
  /** What reads, told to the group: version and configuration. Absent: nobody needs to know. */
  readonly reader?: string;
  readonly topicPrefix: string;
  /** Partitions worked on at once in this process. */
  readonly concurrency: number;
  /** Records a handler gets at most in one call. */
  readonly maxRecords: number;
  /** Puts a record aside for good: durable when it resolves. */
  readonly deadLetter: (record: IncomingRecord, reason: PermanentError) => Promise<void>;
  /** Whether everything that the handlers need answers; asked before a record is blamed for an unexplained failure. */
  readonly probe: () => Promise<boolean>;
  /**
   * Where a partition is to be read from, where the handler keeps that beside its own data; asked on every assignment
   * and whenever the handler throws PositionMovedError. Null: from the beginning. What the group has committed does not
   * count then.
   */
  readonly startPosition?: (topic: string, partition: number) => Promise<string | null>;
  /**
   * Goes with `startPosition`: nothing before `next` is left to handle. Asked where offsets hold no record to hand over
   * (aborted transactions, markers of transactions); durable when it resolves.
   * @throws PositionMovedError when somebody else has moved the position
   */
  readonly passOver?: (topic: string, partition: number, next: string) => Promise<void>;
  /** How often it is asked where the topics end, for `progress`, ms; absent: only what is fetched tells. */
  readonly lagLookEvery?: number;
  /** How long closing may take, ms: for the batch in hand, and to leave the group. */
  readonly closeWithin: number;
  /** The consumer has died for good; the process should end. */
  readonly onFatal: (error: Error) => void;
}

/** How a consumer is doing. */
export interface ConsumerHealth {
  readonly healthy: boolean;
  readonly detail: string;
}
