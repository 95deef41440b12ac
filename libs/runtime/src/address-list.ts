import { BlockList, isIP } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** What is wrong with an entry of an address list; null if it is an IPv4 or IPv6 address or network. */
export function addressProblem(text: string): string | null {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0)
    return 'must be an address or a network, such as 203.0.113.0/24 or 2001:db8::/32';
  if (address.toLowerCase().startsWith('::ffff:')) return 'must be written as the IPv4 network that it stands for';
  if (prefix === undefined) return null;
  const longest = version === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) return `must have a prefix length from 0 to ${longest}`;
  return null;
}

/**
 * A test whether an address belongs to one of the networks.
 * @param networks addresses and networks that `addressProblem` has nothing against
 * @returns takes an address as a socket gives it; IPv4 in IPv6 (`::ffff:192.0.2.1`) counts as IPv4. False for anything
 * that is not an address.
 */
export function addressMatcher(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    const plain = plainAddress(address);
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  };
}

/** An address without the IPv6 dress that a dual-stack socket puts on IPv4. */
export function plainAddress(address: string): string {
  return MAPPED.exec(address)?.[1] ?? address;
}
