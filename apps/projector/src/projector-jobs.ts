import type { TopicIdentities } from '#kafka';
import type { Environment, Logger } from '#runtime';
import type { Tracing } from '#tracing';
import { BackgroundJobs } from './background-jobs.js';
import { DeadLetterJob } from './dead-letters/dead-letter-job.js';
import { installationOf } from './installation-of.js';
import { LossLedger } from './ledger/loss-ledger.js';
import type { ProjectorParts } from './project-batch.js';
import type { ProjectorMetrics } from './projector-metrics.js';
import { RetentionJob } from './retention/retention-job.js';
import { pipelineOffsets } from './timeouts/pipeline-offsets.js';
import { TimeoutJob } from './timeouts/timeout-job.js';

/** What the background jobs have of their projector. */
export interface ProjectorJobsParts extends Pick<ProjectorParts, 'pool' | 'topics' | 'publishAll'> {
  readonly environment: Environment & { readonly databaseUrl: string };
  readonly identities: TopicIdentities;
  readonly metrics: ProjectorMetrics;
  readonly tracing: Tracing | null;
  /** Whether the process is ready for work: what can wait waits until then. */
  readonly isWell: () => boolean;
  /** How long stopping may take, ms. */
  readonly closeWithin: number;
  readonly logger: Logger;
}

/** Everything that a projector does beside projecting, each with a connection to Postgres of its own. */
export function projectorJobs(parts: ProjectorJobsParts): BackgroundJobs {
  const jobs = [retentionJob(parts), timeoutJob(parts), deadLetterJob(parts)];
  return new BackgroundJobs(parts.environment.ledger ? [...jobs, lossLedger(parts)] : jobs);
}

function retentionJob(parts: ProjectorJobsParts): RetentionJob {
  const { environment, metrics, isWell, logger } = parts;
  return new RetentionJob({
    connection: connectionFor('retention', parts),
    retention: environment.retention,
    // Old rows can wait until everything else is well.
    isWell,
    onDeleted: (table, rows) => {
      metrics.rowsDeleted(table, rows);
    },
    logger,
  });
}

function timeoutJob(parts: ProjectorJobsParts): TimeoutJob {
  const { environment, pool, publishAll, metrics, tracing, logger } = parts;
  const { kafka, topicPrefix, installation, reportTimeoutInterval } = environment;
  return new TimeoutJob({
    connection: connectionFor('timeouts', parts),
    interval: reportTimeoutInterval,
    offsets: pipelineOffsets(kafka, topicPrefix, pool, () => {
      metrics.spoolReportUnread();
    }),
    installation: (signal) =>
      installation === null ? installationOf(kafka, topicPrefix, signal) : Promise.resolve(installation),
    publishAll,
    tracing,
    onExpired: (messages) => {
      metrics.messagesExpired(messages);
    },
    onHeldBack: (seconds) => {
      metrics.timeoutsHeldBack(seconds);
    },
    logger,
  });
}

function deadLetterJob(parts: ProjectorJobsParts): DeadLetterJob {
  const { environment, topics, identities, metrics, logger } = parts;
  return new DeadLetterJob({
    kafka: environment.kafka,
    topic: topics['dead-letters.v1'],
    identify: (topic) => identities.current(topic),
    connection: connectionFor('dead-letters', parts),
    onOpen: (open) => {
      metrics.openDeadLetters(open);
    },
    logger,
  });
}

function lossLedger(parts: ProjectorJobsParts): LossLedger {
  const { environment, identities, metrics, closeWithin, logger } = parts;
  return new LossLedger({
    kafka: environment.kafka,
    topicPrefix: environment.topicPrefix,
    connection: connectionFor('ledger', parts),
    identify: (topic) => identities.current(topic),
    closeWithin,
    onMissing: (receipts) => {
      metrics.receiptsMissing(receipts);
    },
    onBehind: (seconds) => {
      metrics.ledgerBehind(seconds);
    },
    logger,
  });
}

/** Under a name that tells in `pg_stat_activity` which job it is. */
function connectionFor(job: string, { environment: { databaseUrl, clientId } }: ProjectorJobsParts) {
  return { connectionString: databaseUrl, application_name: `${clientId}-${job}` };
}
