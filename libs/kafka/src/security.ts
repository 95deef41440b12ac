import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import { isUntrustedCertificate } from '#contracts';

/**
 * The certificates that a connection is made with: paths of PEM files. They are read again for every connection, so
 * that what has been exchanged on the disk is used without a restart.
 */
export interface KafkaTls {
  /** Who must have signed the certificates of the brokers; null: one of those that Node trusts. */
  readonly ca: string | null;
  /** Our own, and the key that belongs to it; null: the brokers ask for none. */
  readonly client: { readonly certificate: string; readonly key: string } | null;
}

/** As whom a client logs in. */
export interface KafkaSasl {
  readonly mechanism: 'scram-sha-512' | 'scram-sha-256' | 'plain';
  readonly username: string;
  /** Asked for every connection: it may have been exchanged. */
  readonly password: () => string;
}

/** Often enough that a line which drops silent connections keeps ours, ms; as kafkajs has it. */
const KEEP_ALIVE = 60_000;

type SecurityOptions = Pick<KafkaConfig, 'sasl' | 'socketFactory'>;

/**
 * What kafkajs is told, so that all its connections are encrypted and logged in. Null: they are not.
 * @param onUntrusted told at once, with Node's code, that a certificate is not believed: kafkajs tries again for so long
 * that whoever waits for it hears of a timeout only
 */
export function securityOptions(
  tls: KafkaTls | null,
  sasl: KafkaSasl | null,
  onUntrusted: (code: string) => void,
): SecurityOptions {
  return {
    ...(tls === null ? {} : { socketFactory: socketsOver(tls, onUntrusted) }),
    ...(sasl === null ? {} : { sasl: saslOptions(sasl) }),
  };
}

/** What a file does not hold, or not in time, fails the connection, and is tried again like a broker that is away. */
function socketsOver(
  { ca, client }: KafkaTls,
  onUntrusted: (code: string) => void,
): NonNullable<KafkaConfig['socketFactory']> {
  return ({ host, port, onConnect }) => {
    const socket = connect(
      {
        host,
        port,
        // A name may be asked for, an address may not: RFC 6066, section 3. Node compares the certificate with either.
        ...(isIP(host) === 0 ? { servername: host } : {}),
        minVersion: 'TLSv1.2',
        ...(ca === null ? {} : { ca: readFileSync(ca) }),
        ...(client === null ? {} : { cert: readFileSync(client.certificate), key: readFileSync(client.key) }),
      },
      onConnect,
    );
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      if (isUntrustedCertificate(code)) onUntrusted(code);
    });
    return socket.setKeepAlive(true, KEEP_ALIVE);
  };
}

/** kafkajs looks at the password when it logs in, which a getter turns into a question. */
function saslOptions({ mechanism, username, password }: KafkaSasl): SASLOptions {
  return {
    mechanism,
    username,
    get password() {
      return password();
    },
  };
}

/** What to look at when their certificate is not believed. */
export const UNTRUSTED_ADVICE =
  'their certificate is not believed: check KAFKA_CA_FILE, and that KAFKA_BROKERS has the names it is made out to';

/** What stands between us and the brokers, and only a person can mend. */
export type Obstacle = 'login' | 'rights' | 'certificate' | 'tls';

/** Of an error of the client or one behind it; null: it may pass by itself. */
export function obstacleOf(error: unknown): Obstacle | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { name, code, type } = cause as Error & { readonly code?: unknown; readonly type?: unknown };
    // Also where the password could not be read.
    if (name === 'KafkaJSSASLAuthenticationError') return 'login';
    if (typeof type === 'string' && type.endsWith('_AUTHORIZATION_FAILED')) return 'rights';
    if (isUntrustedCertificate(code)) return 'certificate';
    if (typeof code === 'string' && code.startsWith('ERR_SSL_')) return 'tls';
  }
  return null;
}

const ADVICE: Readonly<Record<Obstacle, string>> = {
  login: 'check KAFKA_USERNAME, its password and KAFKA_SASL_MECHANISM',
  rights: 'check the ACLs of our user',
  certificate: UNTRUSTED_ADVICE,
  tls: 'check KAFKA_TLS, KAFKA_CERT_FILE and the port',
};

/**
 * What to look at when the brokers cannot be worked with.
 * @param otherwise what to look at where the error does not say it
 */
export function connectionAdvice(error: unknown, otherwise: string): string {
  const obstacle = obstacleOf(error);
  return obstacle === null ? otherwise : ADVICE[obstacle];
}
