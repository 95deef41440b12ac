/**
 * What the stages tell the loss ledger beside what the topics say by themselves, on `ledger.v1`. Whatever else it counts,
 * it reads from the raw receipts, the events and the dead letters.
 */

/** Header names of a record on `ledger.v1`. */
export const LEDGER_HEADERS = {
  /** `accepted` or `empty`. What a reader does not know it passes over. */
  kind: 'ledger-kind',
  /** Of `empty`: topic/partition/offset of a receipt that held no element, and so became neither event nor dead letter. */
  origin: 'ledger-origin',
} as const;

/** How many receipts of a source one start of the ingress has acknowledged that it received in one hour. */
export interface AcceptedCount {
  readonly source: string;
  /** Beginning of the hour, by the receipts' `received-at`: RFC 3339, UTC, milliseconds. */
  readonly hour: string;
  /** From the start of the process on: a later count of the same start, source and hour is at least as great. */
  readonly receipts: number;
  /** Whether it can grow no more. */
  readonly final: boolean;
}

/** The value of an `accepted` record. */
export interface AcceptedCounts {
  /** UUID of one start of the ingress. */
  readonly instance: string;
  readonly counts: readonly AcceptedCount[];
}

/** The hour that an instant (RFC 3339, UTC) lies in, as `AcceptedCount` writes it. */
export function hourOf(instant: string): string {
  return `${instant.slice(0, 13)}:00:00.000Z`;
}
