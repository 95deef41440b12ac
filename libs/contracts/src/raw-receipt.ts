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
  /** The door: `http`, `mns`, `query` or `redrive`. Events have it too, where that is `redrive`. */
  transport: 'transport',
  /** When we took it in: RFC 3339, milliseconds, UTC. */
  receivedAt: 'received-at',
  /** When it was first seen anywhere: the queue's enqueue time, else `received-at`. */
  observedAt: 'observed-at',
  contentType: 'content-type',
  contentEncoding: 'content-encoding',
  remoteAddress: 'remote-address',
  /** `token`, `signature`, `allow-list`, `credentials` or `none`. */
  authenticatedBy: 'authenticated-by',
  /** From a queue: the provider's id of the message. */
  mnsMessageId: 'mns-message-id',
  /** From a queue: how often the message had been handed out, this time included. */
  mnsDequeueCount: 'mns-dequeue-count',
  /** From a queue: `base64` (undone: the value is what it stood for) or `plain`. */
  mnsBodyEncoding: 'mns-body-encoding',
  /** Of a receipt that an operator sent in again: topic/partition/offset of the record that it is a copy of. */
  copyOf: 'copy-of',
} as const;

/** The door of what an operator has sent in again: a redriven dead letter, a replayed receipt. */
export const REDRIVE = 'redrive';

/** How a receipt proved where it came from. `credentials`: we fetched it from the provider with ours. */
export type AuthenticatedBy = 'token' | 'signature' | 'allow-list' | 'credentials' | 'none';
