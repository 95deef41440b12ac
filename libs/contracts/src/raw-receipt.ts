/** Header names of a record on `raw-receipts.v1`. Its value is the body, byte for byte; it has no key. */
export const RECEIPT_HEADERS = {
  /** UUIDv7, given when the receipt came in; kept through spool and redrive. */
  receiptId: 'receipt-id',
  /** Id of the configured source. */
  source: 'source',
  provider: 'provider',
  account: 'account',
  receiptType: 'receipt-type',
  /** Absent where only the receipt's sender tells the channel. */
  channel: 'channel',
  /** The door: `http`, `mns`, `query` or `redrive`. */
  transport: 'transport',
  /** When we took it in: RFC 3339, milliseconds, UTC. */
  receivedAt: 'received-at',
  /** When it was first seen anywhere: the queue's enqueue time, else `received-at`. */
  observedAt: 'observed-at',
  contentType: 'content-type',
  contentEncoding: 'content-encoding',
  remoteAddress: 'remote-address',
  /** `token`, `signature`, `allow-list` or `none`. */
  authenticatedBy: 'authenticated-by',
} as const;

/** How a receipt proved where it came from. */
export type AuthenticatedBy = 'token' | 'signature' | 'allow-list' | 'none';
