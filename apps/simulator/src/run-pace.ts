/** Receipts that come at once, again and again. */
export interface Burst {
  /** From the beginning of one to the beginning of the next, ms. */
  readonly every: number;
  /** How many receipts come at once. */
  readonly size: number;
}

/** How fast receipts are sent. */
export interface Pace {
  /** Receipts per second. */
  readonly rate: number;
  /** Null: evenly. Else they come in bursts, and `rate` says nothing. */
  readonly burst: Burst | null;
}

/** How many receipts may have been sent so many ms after the start. */
export function allowedAfter(elapsed: number, { rate, burst }: Pace): number {
  if (burst === null) return (elapsed / 1000) * rate;
  return (Math.floor(elapsed / burst.every) + 1) * burst.size;
}
