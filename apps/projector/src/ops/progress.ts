/** Where progress is shown; standard error has the shape. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const BAR_WIDTH = 24;
/** A terminal is drawn anew this often, a log gets a line, ms. */
const EVERY = { terminal: 200, log: 1_000 } as const;

/** How far a piece of work has come: a bar on a terminal, elsewhere a plain line a second. */
export class Progress {
  readonly #what: string;
  readonly #unit: string;
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  readonly #began: number;
  #shown: number;
  #last = '';

  /**
   * @param what is being done: `replaying`
   * @param unit what is counted: `events`
   * @param now ms
   */
  constructor(what: string, unit: string, stream: ProgressStream, now: () => number = () => performance.now()) {
    this.#what = what;
    this.#unit = unit;
    this.#stream = stream;
    this.#now = now;
    this.#began = now();
    this.#shown = this.#began;
  }

  /** @param fraction of the whole, 0 to 1 */
  report(done: number, fraction: number): void {
    const now = this.#now();
    const every = this.#stream.isTTY ? EVERY.terminal : EVERY.log;
    this.#last = this.#line(done, Math.min(1, Math.max(0, fraction)), now);
    if (now - this.#shown < every) return;
    this.#shown = now;
    this.#show();
  }

  /** Says something beside, in a line of its own. */
  say(text: string): void {
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[2K${text}\n` : `${text}\n`);
  }

  /** Shows where it ended. */
  end(): void {
    if (this.#last === '') return;
    this.#show();
    if (this.#stream.isTTY) this.#stream.write('\n');
  }

  #show(): void {
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[2K${this.#last}` : `${this.#last}\n`);
  }

  #line(done: number, fraction: number, now: number): string {
    const seconds = (now - this.#began) / 1000;
    const rate = seconds > 0 ? Math.round(done / seconds) : 0;
    const left = fraction > 0 ? duration((seconds * (1 - fraction)) / fraction) : 'unknown';
    const full = Math.round(fraction * BAR_WIDTH);
    const bar = this.#stream.isTTY ? ` [${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]` : '';
    return `${this.#what}${bar} ${Math.floor(fraction * 100)} %, ${done} ${this.#unit}, ${rate}/s, ${left} left`;
  }
}

/** Seconds as `1 h 5 min`, `5 min 3 s` or `3 s`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (h > 0) return `${h} h ${min} min`;
  return min > 0 ? `${min} min ${s} s` : `${s} s`;
}

/** Keys are hashes, spread evenly: the first 32 bits of one say how much of a table in the order of keys is behind it. */
export function fractionOfKeys(key: string): number {
  return parseInt(key.slice(0, 8), 16) / 2 ** 32;
}
