import pg from 'pg';
import { topicNames } from '#contracts';
import type { KafkaSettings, TopicIdentity } from '#kafka';
import { describeError, type Logger } from '#runtime';
import type { BackgroundJob } from '../background-jobs.js';
import { sessionSettings } from '../store/session.js';
import { Auditor } from './auditor.js';
import { LedgerStore } from './ledger-store.js';
import { LedgerWatch } from './ledger-watch.js';
import { Reckoner } from './reckoning.js';

/** The ledger's statements take milliseconds. ms */
const STATEMENT_TIMEOUT = 30_000;

/** What keeping the ledger needs. */
export interface LossLedgerOptions {
  readonly kafka: KafkaSettings;
  readonly topicPrefix: string;
  readonly connection: pg.ClientConfig;
  /** Which topic of a name the cluster has now. */
  readonly identify: (topic: string) => Promise<TopicIdentity>;
  /** How long stopping may take, ms. */
  readonly closeWithin: number;
  readonly onMissing: (receipts: number) => void;
  readonly onBehind: (seconds: number) => void;
  readonly logger: Logger;
}

/** The auditor, who notes, and the watch, which looks for what is missing: with connections that are theirs alone. */
export class LossLedger implements BackgroundJob {
  readonly #pool: pg.Pool;
  readonly #auditor: Auditor;
  readonly #watch: LedgerWatch;

  constructor({ connection, onMissing, onBehind, ...options }: LossLedgerOptions) {
    const { kafka, topicPrefix, identify, logger } = options;
    this.#pool = new pg.Pool({ max: 2, ...sessionSettings(STATEMENT_TIMEOUT), ...connection });
    // Without a listener the server going away ends the process.
    this.#pool.on('error', (error) => {
      logger.debug({ err: describeError(error) }, 'ledger.connection-lost');
    });
    const store = new LedgerStore(this.#pool);
    this.#auditor = new Auditor({ ...options, store });
    this.#watch = new LedgerWatch({
      connection,
      reckoner: new Reckoner({ kafka, topicPrefix, store, identify }),
      rawTopic: topicNames(topicPrefix)['raw-receipts.v1'],
      onMissing,
      onBehind,
      logger,
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#auditor.run(signal), this.#watch.run(signal)]);
    await this.#pool.end();
  }
}
