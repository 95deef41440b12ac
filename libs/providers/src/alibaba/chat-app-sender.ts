import type { Channel, Labels } from '#contracts';
import { listedSender } from '../listed-sender.js';
import type { ReceiptContext, SenderContext, Unreadable } from '../provider.js';
import { unreadable } from '../unreadable.js';

/** What the configuration says about the business number or page that a receipt belongs to. */
export interface BusinessSender {
  readonly channel: Channel;
  /** The account's, and over them the sender's. */
  readonly labels: Labels;
}

/**
 * The channel and labels of a receipt. No payload says on which app it travelled: the account's `senders` do, else the
 * source. An unlisted sender at a source without channel is a dead letter: any guess would file people under the wrong
 * app for good. Once the configuration says it, it can be redriven.
 * @param names what the payload calls the business side, most telling first: its number or page, its WABA
 */
export function businessSender(
  names: readonly (string | null)[],
  field: string,
  context: ReceiptContext,
): BusinessSender | Unreadable {
  const listed = firstListed(names, context.senders);
  const channel = listed?.channel ?? context.channel;
  if (channel === null) {
    return unreadable('FIELD_MISSING', `channel: neither the source nor a listed sender (${field}) says it`);
  }
  return { channel, labels: listed === null ? context.labels : { ...context.labels, ...listed.labels } };
}

function firstListed(names: readonly (string | null)[], senders: ReceiptContext['senders']): SenderContext | null {
  for (const name of names) {
    if (name === null) continue;
    const listed = listedSender(name, senders);
    if (listed !== undefined) return listed;
  }
  return null;
}
