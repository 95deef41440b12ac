/** Receipt ids are UUIDs of version 7: their first 48 bits are the time of the receipt, Unix ms (RFC 9562, section 5.7). */
const RECEIPT_ID = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;

/** When a receipt was received, Unix ms; null where its id does not say it, as that of a submission. */
export function receiptTime(receiptId: string): number | null {
  const match = RECEIPT_ID.exec(receiptId);
  return match === null ? null : parseInt(match[1]! + match[2]!, 16);
}
