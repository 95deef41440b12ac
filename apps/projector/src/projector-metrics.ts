import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { DEAD_LETTER_CODES } from '#contracts';
import { METRIC_PREFIX } from '#runtime';
import type { ProjectedBatch } from './project-batch.js';

/** What the projector counts. */
export class ProjectorMetrics {
  readonly #changes: Counter<'type'>;
  readonly #deadLetters: Counter<'code'>;
  readonly #duration: Histogram;
  readonly #deleted: Counter<'table'>;
  readonly #expired: Counter;
  readonly #heldBack: Gauge;
  readonly #unreadSpoolReports: Counter;
  readonly #openDeadLetters: Gauge<'code'>;
  readonly #missing: Gauge;
  readonly #ledgerBehind: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
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
    this.#duration = new Histogram({
      name: `${METRIC_PREFIX}projection_seconds`,
      help: 'Time of one transaction: merged, published, committed',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
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

  /** @param seconds from the first statement to the commit */
  projected({ changes, deadLetters }: ProjectedBatch, seconds: number): void {
    this.#duration.observe(seconds);
    for (const [type, count] of Object.entries(changes)) this.#changes.inc({ type }, count);
    for (const { reason } of deadLetters) this.deadLetter(reason.code);
  }

  deadLetter(code: string): void {
    this.#deadLetters.inc({ code });
  }

  rowsDeleted(table: string, rows: number): void {
    this.#deleted.inc({ table }, rows);
  }
}
