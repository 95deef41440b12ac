import type { Random } from '../plan/random.js';
import { randomUuid } from '../plan/random.js';

/** A UUID that ends in the tag of the run. */
export function taggedUuid(random: Random, tag: string): string {
  return randomUuid(random).slice(0, -tag.length) + tag;
}

/** A `smsMsgId` in the vendor's shape: the UUID of the request, and a number for each recipient of it. */
export function smsMsgId(uuid: string, recipient: number): string {
  return `${uuid}_${recipient}`;
}
