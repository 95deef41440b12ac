import type { SenderContext } from './provider.js';

/**
 * What the configuration says about a business number or page. Vendors' pages and samples write numbers with and without
 * `+`, and so may whoever lists them.
 */
export function listedSender(name: string, senders: ReadonlyMap<string, SenderContext>): SenderContext | undefined {
  const bare = name.startsWith('+') ? name.slice(1) : name;
  return senders.get(name) ?? senders.get(bare) ?? senders.get(`+${bare}`);
}
