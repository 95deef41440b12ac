/** What an ingress tells of a spool that it holds, under the spool's name. */
export interface SpoolReport {
  /** RFC 3339, by the clock of the ingress, which may show another time than that of whoever reads this. */
  readonly toldAt: string;
  /**
   * Milliseconds: what this ingress took in so long before `toldAt`, or longer, is in Kafka. Null: the spool is gone, and
   * nothing was in it.
   */
  readonly behindMs: number | null;
  /** How many receipts wait in it. */
  readonly receipts: number;
}

/** A spool that has not been told of for so long is taken for lost with its disk, ms. */
export const SPOOL_SILENCE = 24 * 60 * 60 * 1000;
