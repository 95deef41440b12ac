import type { AcceptedCount } from '#contracts';
import { blockOf, ReceiptBits } from './receipt-bits.js';

/**
 * What can become of a receipt. Of several elements one may be projected and another a dead letter. `copied`: it need not
 * be followed, because an operator has sent in a copy of it, or because it was read before the ledger began.
 */
export type Outcome = 'projected' | 'deadLettered' | 'empty' | 'copied';

/** Where a raw receipt stands. */
export interface RawPosition {
  readonly partition: number;
  readonly offset: number;
}

/** Receipts of one source and one hour that are in one block of the topic. */
export interface PublishedReceipts {
  readonly partition: number;
  readonly block: number;
  /** Empty: the record does not say, or what it says is no source's name. */
  readonly source: string;
  /** Beginning of the hour, Unix ms. */
  readonly hour: number;
  /** Whether an operator has sent them in again. */
  readonly redriven: boolean;
  readonly bits: ReceiptBits;
}

/** What became of the receipts of one block. */
export interface EndedReceipts {
  readonly partition: number;
  readonly block: number;
  readonly bits: Partial<Record<Outcome, ReceiptBits>>;
}

/** How many receipts one start of the ingress has acknowledged. */
export interface CountedReceipts extends Omit<AcceptedCount, 'hour'> {
  readonly instance: string;
  /** Beginning of the hour, Unix ms. */
  readonly hour: number;
}

/**
 * What some stretch of a partition says about receipts. Findings are sets and maxima, so it does not matter how often,
 * in which order and cut into which stretches the records are read.
 */
export class Findings {
  readonly #published = new Map<string, PublishedReceipts>();
  readonly #ended = new Map<string, EndedReceipts>();
  readonly #accepted = new Map<string, CountedReceipts>();

  get published(): Iterable<PublishedReceipts> {
    return this.#published.values();
  }

  get ended(): Iterable<EndedReceipts> {
    return this.#ended.values();
  }

  get accepted(): Iterable<CountedReceipts> {
    return this.#accepted.values();
  }

  /** How many rows they would make. */
  get size(): number {
    return this.#published.size + this.#ended.size + this.#accepted.size;
  }

  addPublished({ partition, offset }: RawPosition, of: Pick<PublishedReceipts, 'source' | 'hour' | 'redriven'>): void {
    this.#publishedOf({ partition, block: blockOf(offset), ...of }).add(offset);
    this.#endedOf(partition, blockOf(offset));
  }

  addEnded({ partition, offset }: RawPosition, outcome: Outcome): void {
    const { bits } = this.#endedOf(partition, blockOf(offset));
    (bits[outcome] ??= new ReceiptBits()).add(offset);
  }

  addAccepted(count: CountedReceipts): void {
    const key = `${count.instance}/${count.source}/${count.hour}`;
    const known = this.#accepted.get(key);
    if (known === undefined) this.#accepted.set(key, count);
    else {
      const receipts = Math.max(known.receipts, count.receipts);
      this.#accepted.set(key, { ...known, receipts, final: known.final || count.final });
    }
  }

  /** Adds what others say. */
  include(others: Findings): void {
    for (const { bits, ...of } of others.published) this.#publishedOf(of).include(bits);
    for (const { partition, block, bits } of others.ended) {
      const own = this.#endedOf(partition, block).bits;
      for (const [outcome, ended] of Object.entries(bits))
        (own[outcome as Outcome] ??= new ReceiptBits()).include(ended);
    }
    for (const count of others.accepted) this.addAccepted(count);
  }

  #publishedOf(of: Omit<PublishedReceipts, 'bits'>): ReceiptBits {
    const key = `${of.partition}/${of.block}/${of.source}/${of.hour}/${of.redriven}`;
    let published = this.#published.get(key);
    if (published === undefined) this.#published.set(key, (published = { ...of, bits: new ReceiptBits() }));
    return published.bits;
  }

  /** Made for what is published too: a block that has no row is nowhere looked for. */
  #endedOf(partition: number, block: number): EndedReceipts {
    const key = `${partition}/${block}`;
    let ended = this.#ended.get(key);
    if (ended === undefined) this.#ended.set(key, (ended = { partition, block, bits: {} }));
    return ended;
  }
}
