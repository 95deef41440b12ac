/** Lines that one message may have in a window: ten a second, and a burst of fifty at once. */
const MOST_LINES = 50;
/** ms */
const WINDOW = 5_000;

/**
 * Bounds what is logged, message by message: an outage must not drown its own cause, nor fill a disk. Lines beyond the
 * bound are counted, and the count has a line of its own when the window is over.
 */
export class LineBudget {
  readonly #written = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  /** @param onHeldBack told how many lines of a message were not written, at the end of a window */
  constructor(
    private readonly onHeldBack: (message: string, lines: number) => void,
    private readonly mostLines = MOST_LINES,
  ) {}

  /** Whether a line of this message may be written. If not, it is counted. */
  admits(message: string): boolean {
    const written = (this.#written.get(message) ?? 0) + 1;
    this.#written.set(message, written);
    this.#timer ??= setTimeout(() => {
      this.endWindow();
    }, WINDOW).unref();
    return written <= this.mostLines;
  }

  /** Tells what was held back, and begins anew. */
  endWindow(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const written = [...this.#written];
    this.#written.clear();
    for (const [message, lines] of written)
      if (lines > this.mostLines) this.onHeldBack(message, lines - this.mostLines);
  }
}
