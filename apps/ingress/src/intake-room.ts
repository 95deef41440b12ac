import { FairShare } from './fair-share.js';
import type { Holder, Shortage } from './fair-share.js';

/** What pushed receipts may take of the memory, all together. */
export interface IntakeLimits {
  /** Receipts that are being read or wait for Kafka. */
  readonly records: number;
  /** Bytes of their bodies. */
  readonly bytes: number;
}

interface SourceHolds {
  readonly records: Holder;
  readonly bytes: Holder;
}

/**
 * The memory that pushed receipts may take, from the head of a request until Kafka has the receipt or it is refused.
 * Sources share it fairly: one that pushes without measure is refused while the others still find room.
 */
export class IntakeRoom {
  readonly #records: FairShare;
  readonly #bytes: FairShare;
  /** By source; there are as many as are configured. */
  readonly #holds = new Map<string, SourceHolds>();

  constructor({ records, bytes }: IntakeLimits) {
    this.#records = new FairShare(records);
    this.#bytes = new FairShare(bytes);
  }

  /** Bytes that are taken or spoken for. */
  get bytes(): number {
    return this.#bytes.held;
  }

  /**
   * Lets a receipt in if there is room.
   * @param bytes of its body as far as known, to be had at once; more comes by `grow`
   */
  enter(sourceId: string, bytes: number): Stay | Shortage {
    let holds = this.#holds.get(sourceId);
    if (holds === undefined) {
      holds = { records: this.#records.holder(), bytes: this.#bytes.holder() };
      this.#holds.set(sourceId, holds);
    }
    const shortage = this.#records.take(holds.records, 1);
    if (shortage !== null) return shortage;
    const stay = new Stay(this.#records, this.#bytes, holds);
    const lacking = stay.grow(bytes);
    if (lacking === null) return stay;
    stay.leave();
    return lacking;
  }
}

/** A receipt that is in. It must leave once, whatever becomes of it. */
export class Stay {
  #bytes = 0;
  #isOver = false;

  constructor(
    private readonly records: FairShare,
    private readonly allBytes: FairShare,
    private readonly holds: SourceHolds,
  ) {}

  /** Makes room for so many bytes more, or says why not. */
  grow(bytes: number): Shortage | null {
    const shortage = this.allBytes.take(this.holds.bytes, bytes);
    if (shortage === null) this.#bytes += bytes;
    return shortage;
  }

  /** Gives back what it held. Any further time changes nothing. */
  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.records.giveBack(this.holds.records, 1);
    this.allBytes.giveBack(this.holds.bytes, this.#bytes);
  }
}
