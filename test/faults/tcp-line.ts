import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';

/**
 * A line between clients and servers that can be made slow, silent, cut and taken down. With several servers it is a balancer:
 * connections go to them in turn, and one that does not answer is passed over.
 */
export class TcpLine {
  readonly #server: Server;
  readonly #targets: () => readonly number[];
  readonly #sockets = new Set<Socket>();
  /** Those of the sockets that lead to servers. */
  readonly #toServers = new Set<Socket>();
  #turn = 0;
  #delay = 0;
  #isDown = false;
  #isSilent = false;

  private constructor(targets: () => readonly number[]) {
    this.#targets = targets;
    this.#server = createServer({ noDelay: true }, (client) => {
      this.#carry(client);
    });
  }

  /** @param targets ports of the loopback address that connections go to; asked for every connection */
  static async open(targets: () => readonly number[]): Promise<TcpLine> {
    const line = new TcpLine(targets);
    await new Promise<void>((resolve, reject) => {
      line.#server.once('error', reject);
      line.#server.listen({ host: LOOPBACK, port: 0 }, resolve);
    });
    return line;
  }

  /** Where clients connect. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Everything comes so much later from now on, either way; ms. */
  slowDown(delay: number): void {
    this.#delay = delay;
  }

  /**
   * A host that is gone without a word: connections are there, also new ones, and whatever is sent in them is lost. The
   * servers' ends are closed, the clients hear nothing of it, also when the line is mended.
   */
  swallow(): void {
    this.#isSilent = true;
    for (const socket of this.#toServers) socket.destroy();
  }

  /** Destroys every connection there is. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Takes no connections any more, and destroys those that there are. */
  takeDown(): void {
    this.#isDown = true;
    this.cut();
  }

  /** As it was at first. */
  mend(): void {
    this.#isDown = false;
    this.#isSilent = false;
    this.#delay = 0;
  }

  async close(): Promise<void> {
    this.takeDown();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #carry(client: Socket): void {
    this.#watch(client);
    if (this.#isDown) client.destroy();
    else if (!this.#isSilent) this.#reach(client, this.#inTurn());
  }

  /** All targets, each time another one first. */
  #inTurn(): readonly number[] {
    const targets = this.#targets();
    const first = this.#turn++ % Math.max(1, targets.length);
    return [...targets.slice(first), ...targets.slice(0, first)];
  }

  #reach(client: Socket, [port, ...others]: readonly number[]): void {
    if (port === undefined) {
      client.destroy();
      return;
    }
    const server = connect({ host: LOOPBACK, port, noDelay: true });
    this.#watch(server);
    this.#toServers.add(server);
    server.once('close', () => this.#toServers.delete(server));
    const isRefused = (): void => {
      this.#reach(client, others);
    };
    server.once('error', isRefused);
    server.once('connect', () => {
      server.off('error', isRefused);
      this.#join(client, server);
      this.#join(server, client);
    });
  }

  #join(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      this.#later(() => to.write(bytes));
    });
    from.once('close', () => {
      if (this.#isSilent) return;
      this.#later(() => to.destroy());
    });
  }

  /** In order: the delay is the same for all that is under way, and timers of one length run in turn. */
  #later(act: () => void): void {
    if (this.#delay === 0) act();
    else setTimeout(act, this.#delay);
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    // What becomes of a connection is for its two ends to notice.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
