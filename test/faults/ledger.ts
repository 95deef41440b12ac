import { push } from '../system/installation.js';
import type { AppProcess } from '../system/app-process.js';
import { smsReport } from '../system/receipts.js';

/**
 * A provider's side of the story: pushes reports without pause and writes down each one that was answered 200. What is
 * written down here must turn up.
 */
export class Ledger {
  readonly accepted = new Set<string>();
  readonly answers = new Map<number, number>();
  /** Longest time that an answer took, ms. */
  slowest = 0;
  #running = true;
  readonly #pushers: Promise<void>[];

  /**
   * @param ingress asked before every push, so that it may be another process later
   * @param changes fields of the reports that are to be others
   */
  constructor(ingress: () => AppProcess, { pushers = 4, timeout = 10_000, changes = {} } = {}) {
    this.#pushers = Array.from({ length: pushers }, () => this.#push(ingress, timeout, changes));
  }

  async #push(ingress: () => AppProcess, timeout: number, changes: object): Promise<void> {
    while (this.#running) {
      const report = smsReport({ ...changes });
      const began = performance.now();
      const { status } = await push(ingress(), 'sms-report', JSON.stringify([report]), { timeout });
      this.slowest = Math.max(this.slowest, performance.now() - began);
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      if (status === 200) this.accepted.add(report.out_id);
      // A provider's own pace; without it a refusing ingress would be asked thousands of times a second.
      await new Promise((resolve) => setTimeout(resolve, status === 200 ? 5 : 25));
    }
  }

  /** How often this was answered. */
  count(status: number): number {
    return this.answers.get(status) ?? 0;
  }

  /** Pushes no more; resolves when the last answer is in. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#pushers);
  }
}
