import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { until } from '../system/until.js';

/** `COMMIT` as a client sends it: type, length, text (https://www.postgresql.org/docs/18/protocol-message-formats.html). */
const COMMIT = Buffer.from('Q\0\0\0\x0bCOMMIT\0', 'latin1');

/** What of a commit is kept from arriving. */
export type Held = 'commit' | 'answer';

/** A session through the proxy, and what of it waits. */
interface Session {
  readonly client: Socket;
  readonly server: Socket;
  held: Held | null;
  readonly waiting: Buffer[];
}

/**
 * Stands between a projector and Postgres, so that a test can strike at the one moment that matters: after everything
 * was published and before the commit, or after the commit and before anybody knows of it.
 */
export class PostgresProxy {
  readonly #server: Server;
  readonly #target: URL;
  readonly #application: string;
  readonly #sessions = new Set<Session>();
  #toHold: Held | null = null;

  private constructor(server: Server, target: URL, application: string) {
    this.#server = server;
    this.#target = target;
    this.#application = application;
    server.on('connection', (client) => {
      this.#open(client);
    });
  }

  /** @param application whose sessions are held: others, such as those of background jobs, pass */
  static async start(databaseUrl: string, application = 'quittance-projector'): Promise<PostgresProxy> {
    const server = createServer();
    const proxy = new PostgresProxy(server, new URL(databaseUrl), application);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** Where the projector is to connect to. */
  get databaseUrl(): string {
    const url = new URL(this.#target);
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
    url.port = String(address.port);
    return url.href;
  }

  /** Holds every commit, or every answer to one, from now on, and waits until there is one. */
  async hold(what: Held): Promise<void> {
    this.#toHold = what;
    await until(`a ${what} is held`, () => [...this.#sessions].some(({ waiting }) => waiting.length > 0));
  }

  /** Lets go of everything that is held, as far as the sessions are still there. */
  release(): void {
    this.#toHold = null;
    for (const session of this.#sessions) {
      const { client, server, waiting, held } = session;
      session.held = null;
      for (const chunk of waiting.splice(0)) (held === 'answer' ? client : server).write(chunk);
    }
  }

  /** Breaks the sessions of which something is held, and holds nothing more. */
  cut(): void {
    this.#toHold = null;
    for (const { held, client, server } of this.#sessions) {
      if (held === null) continue;
      client.destroy();
      server.destroy();
    }
  }

  async stop(): Promise<void> {
    for (const { client, server } of this.#sessions) {
      client.destroy();
      server.destroy();
    }
    this.#server.close();
    await once(this.#server, 'close');
  }

  #open(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const session: Session = { client, server, held: null, waiting: [] };
    this.#sessions.add(session);
    let isOurs: boolean | null = null;
    client.on('data', (chunk) => {
      isOurs ??= chunk.includes(`\0${this.#application}\0`);
      if (isOurs && this.#toHold !== null && chunk.includes(COMMIT)) session.held = this.#toHold;
      if (session.held === 'commit') session.waiting.push(chunk);
      else server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (session.held === 'answer') session.waiting.push(chunk);
      else client.write(chunk);
    });
    for (const [end, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // That an end breaks is what this is for.
      end.on('error', () => undefined);
      end.on('close', () => {
        this.#sessions.delete(session);
        other.destroy();
      });
    }
  }
}
