import { X509Certificate } from 'node:crypto';
import type { Server } from 'node:tls';
import type { Reloadable, TlsFiles } from '#runtime';
import { tlsOptions, type TlsOptions } from './tls.js';

/** The certificate of the public door, as its files say it now. Connections that are open keep the one they began with. */
export class Certificate implements Reloadable {
  #current: TlsOptions;
  #server: Server | null = null;

  /** @throws StartError as `tlsOptions` does */
  constructor(private readonly paths: TlsFiles) {
    this.#current = tlsOptions(paths);
  }

  get current(): TlsOptions {
    return this.#current;
  }

  get files(): Iterable<string> {
    return [this.paths.certificate, this.paths.key];
  }

  /** From now on a new certificate is this server's. */
  useServer(server: Server): void {
    this.#server = server;
  }

  /** @throws StartError as `tlsOptions` does, such as for a key that is not the certificate's */
  reload(): Readonly<Record<string, unknown>> | null {
    const next = tlsOptions(this.paths);
    if (next.cert.equals(this.#current.cert) && next.key.equals(this.#current.key)) return null;
    this.#server?.setSecureContext(next);
    this.#current = next;
    return { expires: new X509Certificate(next.cert).validToDate.toISOString() };
  }
}
