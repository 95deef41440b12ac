import type { Logger } from '#runtime';

/** At most one line a second for each source and reason: an outage must not drown its own cause in the log. */
const INTERVAL = 1_000;
/** Lines of one look: fewer than the log has room for, so that no count is held back there. */
const MOST_LINES = 8;

/** Gathers refusals and logs how many there were; of more sources and reasons than fit, the rest the next time. */
export class RefusalLog {
  readonly #counts = new Map<string, { source: string; reason: string; count: number; receiptId?: string }>();
  readonly #timer: NodeJS.Timeout;

  /** @param message what a line says */
  constructor(
    private readonly logger: Logger,
    private readonly message = 'receipt.refused',
  ) {
    this.#timer = setInterval(() => {
      this.flush(MOST_LINES);
    }, INTERVAL);
    this.#timer.unref();
  }

  /** @param receiptId of one that had got so far as to have one; the line names the last */
  add(source: string, reason: string, receiptId?: string): void {
    const key = `${source} ${reason}`;
    let entry = this.#counts.get(key);
    if (entry === undefined) this.#counts.set(key, (entry = { source, reason, count: 0 }));
    entry.count += 1;
    if (receiptId !== undefined) entry.receiptId = receiptId;
  }

  flush(mostLines = Infinity): void {
    for (const [key, entry] of this.#counts) {
      if (mostLines-- <= 0) return;
      this.#counts.delete(key);
      this.logger.warn(entry, this.message);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}
