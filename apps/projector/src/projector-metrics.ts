import { Counter, Gauge, type Registry } from 'prom-client';
import { DEAD_LETTER_CODES } from '#contracts';
import { METRIC_PREFIX, PlainHistogram } from '#runtime';
import { KINDS } from './kinds.js';
import type { ProjectedBatch } from './project-batch.js';

/**
 * A change that a receipt older than this caused waited out a long outage, or was sent in again by a version that does not
 * mark it: it says nothing of how fast we are, and a few thousand of them would be all that a histogram shows. They are
 * counted apart. ms
 */
const TOO_OLD = 24 * 3_600_000;

/** What the pool of connections knows of itself. */
interface Connections {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** What the projector counts. */
export class ProjectorMetrics {
  readonly #registry: Registry;
  readonly #events: Counter;
  readonly #changes: Counter<'type'>;
  readonly #conflicting: Counter;
  readonly #latency: PlainHistogram;
  readonly #late: Counter;
  readonly #deadLetters: Counter<'code'>;
  readonly #duration: PlainHistogram;
  readonly #databaseFailures: Counter;
  readonly #deleted: Counter<'table'>;
  readonly #expired: Counter;
  readonly #heldBack: Gauge;
  readonly #unreadSpoolReports: Counter;
  readonly #openDeadLetters: Gauge<'code'>;
  readonly #missing: Gauge;
  readonly #ledgerBehind: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#registry = registry;
    this.#events = new Counter({
      name: `${METRIC_PREFIX}events_projected_total`,
      help: 'Events that are merged into the tables; one that comes again counts again',
      registers,
    });
    this.#changes = new Counter({
      name: `${METRIC_PREFIX}changes_published_total`,
      help: 'Changes published to subscribers, by event type',
      labelNames: ['type'],
      registers,
    });
    this.#deadLetters = new Counter({
      name: `${METRIC_PREFIX}projector_dead_letters_total`,
      help: 'Events put aside as dead letters, by code',
      labelNames: ['code'],
      registers,
    });
    this.#conflicting = new Counter({
      name: `${METRIC_PREFIX}conflicting_changes_total`,
      help: 'Changes published of messages that were reported as arrived and as failed',
      registers,
    });
    this.#latency = new PlainHistogram({
      name: `${METRIC_PREFIX}receipt_to_change_seconds`,
      help: 'From the arrival of a receipt to the change that it caused, published and committed; of the last 24 hours, and not sent in again',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
      registry,
    });
    this.#late = new Counter({
      name: `${METRIC_PREFIX}late_changes_total`,
      help: 'Changes caused by receipts that an operator sent in again, or that were older than 24 hours: left waiting by an outage',
      registers,
    });
    this.#duration = new PlainHistogram({
      name: `${METRIC_PREFIX}projection_seconds`,
      help: 'Time of one transaction: merged, published, committed',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registry,
    });
    this.#databaseFailures = new Counter({
      name: `${METRIC_PREFIX}database_failures_total`,
      help: 'Transactions that failed because Postgres is away, busy or takes no writes; they are tried again',
      registers,
    });
    this.#deleted = new Counter({
      name: `${METRIC_PREFIX}rows_deleted_total`,
      help: 'Rows deleted because their retention was over, by table',
      labelNames: ['table'],
      registers,
    });
    this.#expired = new Counter({
      name: `${METRIC_PREFIX}messages_expired_total`,
      help: 'Messages of which we said that no final report came in time',
      registers,
    });
    this.#heldBack = new Gauge({
      name: `${METRIC_PREFIX}report_timeouts_held_back_seconds`,
      help: 'How long the first message whose time is over has been waiting for receipts that came before to be worked off; 0: none',
      registers,
    });
    this.#unreadSpoolReports = new Counter({
      name: `${METRIC_PREFIX}unread_spool_reports_total`,
      help: 'Records of the topic of spools that are no reports, and were passed over',
      registers,
    });
    this.#openDeadLetters = new Gauge({
      name: `${METRIC_PREFIX}open_dead_letters`,
      help: 'Dead letters that nobody has redriven or discarded, by code; told by the one projector that keeps account',
      labelNames: ['code'],
      registers,
    });
    this.#missing = new Gauge({
      name: `${METRIC_PREFIX}receipts_missing`,
      help: 'Receipts that the normaliser is past and that came to no end: neither event nor dead letter, nor empty',
      registers,
    });
    this.#ledgerBehind = new Gauge({
      name: `${METRIC_PREFIX}ledger_behind_seconds`,
      help: 'How long ago it was last known which receipts are missing',
      registers,
    });
    // From 0 on, so that the first of a kind is an increase and not a beginning.
    for (const code of Object.keys(DEAD_LETTER_CODES)) this.#deadLetters.inc({ code }, 0);
    for (const { change } of KINDS) this.#changes.inc({ type: change }, 0);
  }

  /** Asks the pool when somebody looks. */
  watchConnections(pool: Connections): void {
    new Gauge({
      name: `${METRIC_PREFIX}database_connections`,
      help: 'Connections to Postgres for projecting, by state: busy, idle; waiting: batches that want one',
      labelNames: ['state'],
      registers: [this.#registry],
      collect() {
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }

  /** @param open by code; null: another process tells */
  openDeadLetters(open: ReadonlyMap<string, number> | null): void {
    this.#openDeadLetters.reset();
    if (open === null) return;
    // All of the list, so that an alert has something to look at before the first. What others wrote is one more.
    for (const code of Object.keys(DEAD_LETTER_CODES)) this.#openDeadLetters.set({ code }, 0);
    for (const [code, letters] of open) {
      this.#openDeadLetters.inc({ code: Object.hasOwn(DEAD_LETTER_CODES, code) ? code : 'UNKNOWN' }, letters);
    }
  }

  receiptsMissing(receipts: number): void {
    this.#missing.set(receipts);
  }

  ledgerBehind(seconds: number): void {
    this.#ledgerBehind.set(seconds);
  }

  messagesExpired(messages: number): void {
    this.#expired.inc(messages);
  }

  spoolReportUnread(): void {
    this.#unreadSpoolReports.inc();
  }

  timeoutsHeldBack(seconds: number): void {
    this.#heldBack.set(seconds);
  }

  /**
   * A batch is committed.
   * @param seconds from the first statement to the commit
   * @param now Unix ms
   */
  projected({ events, told, deadLetters }: ProjectedBatch, seconds: number, now: number): void {
    this.#duration.observe(seconds);
    this.#events.inc(events);
    for (const [type, count] of Object.entries(told.changes)) this.#changes.inc({ type }, count);
    this.#conflicting.inc(told.conflicting);
    this.#late.inc(told.redriven);
    for (const receivedAt of told.receivedAt) {
      if (now - receivedAt > TOO_OLD) this.#late.inc();
      else this.#latency.observe(Math.max(0, now - receivedAt) / 1_000);
    }
    for (const { reason } of deadLetters) this.deadLetter(reason.code);
  }

  databaseFailed(): void {
    this.#databaseFailures.inc();
  }

  deadLetter(code: string): void {
    this.#deadLetters.inc({ code });
  }

  rowsDeleted(table: string, rows: number): void {
    this.#deleted.inc({ table }, rows);
  }
}
