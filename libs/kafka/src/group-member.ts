import type { Consumer } from 'kafkajs';
import { createClient, type KafkaLogger, type KafkaSettings } from './client.js';
import { roundRobinTelling } from './group-readers.js';

/** Who reads, and for whom. */
export interface MemberOptions {
  readonly kafka: KafkaSettings;
  readonly logger: KafkaLogger;
  readonly groupId: string;
  /** What it tells the group that it reads with, asked whenever it joins; null: it tells nothing. */
  readonly reader: (() => string) | null;
  /** Whether it may start again by itself after a failure. A consumer that does so after it was closed is never stopped. */
  readonly goesOn: () => boolean;
}

/** A process that died is noticed after this, ms. Heartbeats go on while a batch is worked on, so it may be short. */
const SESSION_TIMEOUT = 10_000;
const HEARTBEAT_INTERVAL = 2_000;

/** A member of a consumer group that is not connected yet. */
export function groupMember({ kafka, logger, groupId, reader, goesOn }: MemberOptions): Consumer {
  return createClient(kafka, logger).consumer({
    groupId,
    ...(reader === null ? {} : { partitionAssigners: [roundRobinTelling(reader)] }),
    sessionTimeout: SESSION_TIMEOUT,
    rebalanceTimeout: 6 * SESSION_TIMEOUT,
    heartbeatInterval: HEARTBEAT_INTERVAL,
    maxWaitTimeInMs: 250,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    retry: {
      retries: 10,
      initialRetryTime: 100,
      maxRetryTime: 1_000,
      restartOnFailure: () => Promise.resolve(goesOn()),
    },
  });
}
