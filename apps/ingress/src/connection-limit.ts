import { isIPv6 } from 'node:net';
import type { Server, Socket } from 'node:net';
import { plainAddress } from '#runtime';
import { FairShare } from './fair-share.js';
import type { Holder, Shortage } from './fair-share.js';

/**
 * How many connections may be open, shared fairly among addresses, so that one of them cannot keep the others out.
 * Proxies stand for many and are counted in all only.
 */
export class ConnectionLimit {
  readonly #connections: FairShare;
  /** By address, as long as it has a connection. */
  readonly #holders = new Map<string, Holder>();
  readonly #refused: Record<Shortage, number> = { full: 0, 'over-share': 0 };

  /**
   * @param limit connections in all
   * @param isProxy whether an address is that of a proxy of ours
   */
  constructor(
    limit: number,
    private readonly isProxy: (address: string) => boolean,
  ) {
    this.#connections = new FairShare(limit);
  }

  get open(): number {
    return this.#connections.held;
  }

  /** Connections that were closed at once, by reason. */
  get refused(): Readonly<Record<Shortage, number>> {
    return this.#refused;
  }

  /** From now on connections are counted, before TLS is spoken on them and before a byte is read. */
  watch(server: Server): void {
    server.prependListener('connection', (socket: Socket) => {
      this.#admit(socket);
    });
  }

  #admit(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const name = this.isProxy(address) ? null : network(address);
    const holder = (name === null ? null : this.#holders.get(name)) ?? this.#connections.holder();
    const shortage = this.#connections.take(holder, 1);
    if (shortage !== null) {
      this.#refused[shortage] += 1;
      // Not closed politely: that would keep it, and whoever has taken all there are must not be able to take more.
      socket.resetAndDestroy();
      return;
    }
    if (name !== null) this.#holders.set(name, holder);
    socket.once('close', () => {
      this.#connections.giveBack(holder, 1);
      if (name !== null && holder.held === 0) this.#holders.delete(name);
    });
  }
}

/** Whom an address counts for. One customer has a whole /64 of IPv6, and may use each address of it once. */
export function network(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined ? first : [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
  return groups.slice(0, 4).join(':');
}
