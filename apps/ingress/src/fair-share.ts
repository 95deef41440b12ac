/** What one holder has of what is shared. Made by `FairShare.holder`. */
export interface Holder {
  held: number;
}

/** Why there is nothing for a holder: nothing is left, or what is left is for others. */
export type Shortage = 'full' | 'over-share';

/**
 * A holder may have this many times what nobody has yet. One alone gets three quarters, two greedy ones three sevenths
 * each, n of them 3 / (3n + 1): so there is always something left for one who comes new, however many there are, and
 * nobody has to say beforehand how many that will be. (Dynamic thresholds, Choudhury and Hahne, 1998.)
 */
const GREED = 3;

/** Something of which there is only so much, shared so that no holder can take the last of it from the others. */
export class FairShare {
  #held = 0;

  /** @param limit what all may hold together */
  constructor(private readonly limit: number) {}

  /** What all hold together. */
  get held(): number {
    return this.#held;
  }

  holder(): Holder {
    return { held: 0 };
  }

  /** Takes `amount` for the holder, or says why not, and takes nothing. Who holds nothing gets whatever is left. */
  take(holder: Holder, amount: number): Shortage | null {
    const free = this.limit - this.#held;
    if (amount > free) return 'full';
    if (holder.held > GREED * free) return 'over-share';
    holder.held += amount;
    this.#held += amount;
    return null;
  }

  giveBack(holder: Holder, amount: number): void {
    holder.held -= amount;
    this.#held -= amount;
  }
}
