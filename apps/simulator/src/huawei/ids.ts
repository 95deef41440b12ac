/** A `smsMsgId` in the vendor's shape: the UUID of the request, and a number for each recipient of it. */
export function smsMsgId(uuid: string, recipient: number): string {
  return `${uuid}_${recipient}`;
}
