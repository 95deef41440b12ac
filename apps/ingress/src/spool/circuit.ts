/** While Kafka fails, one receipt in so many ms finds out whether it still does; the others go to the spool at once. */
const ASK_EVERY = 1_000;

/**
 * Whether Kafka is worth waiting for. Without it every receipt of an outage would wait half its deadline, and memory would
 * hold them all meanwhile.
 */
export class Circuit {
  #open = false;
  #askedAt = -Infinity;

  /** @param now `performance.now()` milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether Kafka has failed and not worked since. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Whether this receipt goes to Kafka first. While the circuit is open one a second does. */
  admits(): boolean {
    if (!this.#open) return true;
    const now = this.now();
    if (now - this.#askedAt < ASK_EVERY) return false;
    this.#askedAt = now;
    return true;
  }

  /** Kafka took something in time. */
  worked(): void {
    this.#open = false;
  }

  /** It did not. */
  failed(): void {
    if (this.#open) return;
    this.#open = true;
    this.#askedAt = this.now();
  }
}
