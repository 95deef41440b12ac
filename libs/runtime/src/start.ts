import { isUntrustedCertificate } from '#contracts';
import { StartError } from './mistakes.js';
import { TYPED } from './typed-commands.js';

/** How long the sentence may take to be written, ms. */
const LAST_WORDS = 1_000;

/**
 * Runs the main function of a process. What is known to go wrong at start-up ends as a sentence on standard error that
 * says what to do; what is not known keeps its stack, because it is a defect. Either way the process ends with 1.
 * @param name the process, for the sentence: `ingress`
 */
export async function startOrExplain(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const sentence = explain(error);
    const reason = sentence ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.stderr.write(`quittance ${name} cannot go on: ${reason}\n`, () => process.exit(1));
    // Whoever reads it may hang.
    setTimeout(() => process.exit(1), LAST_WORDS);
  }
}

/** Opens a port; a port or an address that cannot be had becomes a sentence that names the variable to change. */
export async function listenOrExplain(
  variable: 'PORT' | 'MANAGEMENT_PORT',
  { host, port }: { readonly host: string; readonly port: number },
  listen: () => Promise<void>,
): Promise<void> {
  try {
    await listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new StartError(`port ${port} is taken: set ${variable} to a free one`);
    if (code === 'EACCES')
      throw new StartError(`port ${port} needs rights that we lack: set ${variable} to one above 1023`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
      const ofHost = variable === 'PORT' ? 'HOST' : 'MANAGEMENT_HOST';
      throw new StartError(`this machine has no address ${host}: set ${ofHost} to one that it has, or to 0.0.0.0`);
    }
    throw error;
  }
}

/** A sentence for what is known to go wrong; null for anything else. */
export function explain(error: unknown): string | null {
  if (error instanceof StartError) return error.message;
  if (!(error instanceof Error)) return null;
  return explainKafka(error) ?? explainDatabase(error) ?? (error.cause === undefined ? null : explain(error.cause));
}

/** The client's errors are known by name here: only the Kafka library may import it. */
const KAFKA_UNREACHABLE = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNumberOfRetriesExceeded',
]);

function explainKafka(error: Error): string | null {
  const { name, cause } = error;
  // What the client wraps, says more than the wrapping.
  if (cause instanceof Error && cause.name.startsWith('KafkaJS')) {
    const sentence = explainKafka(cause);
    if (sentence !== null) return sentence;
  }
  const { code, type } = error as { readonly code?: unknown; readonly type?: unknown };
  if (name.startsWith('KafkaJS') && isUntrustedCertificate(code)) {
    return `the certificate of the Kafka brokers is not believed (${code}): check KAFKA_CA_FILE, and that KAFKA_BROKERS has the names it is made out to`;
  }
  if (typeof type === 'string' && type.endsWith('_AUTHORIZATION_FAILED')) {
    return `Kafka does not allow us to do that (${type}): check the ACLs of our user`;
  }
  if (name === 'KafkaJSNumberOfRetriesExceeded' && cause instanceof Error && !KAFKA_UNREACHABLE.has(cause.name)) {
    return null;
  }
  if (KAFKA_UNREACHABLE.has(name)) return 'no Kafka broker answers: start it, or set KAFKA_BROKERS to one that runs';
  if (name === 'KafkaJSSASLAuthenticationError')
    return 'Kafka refuses our credentials: check KAFKA_USERNAME, its password and KAFKA_SASL_MECHANISM';
  return null;
}

const DATABASE_SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no PostgreSQL answers: start it, or let DATABASE_URL name one that runs',
  ENOTFOUND: 'the host of DATABASE_URL is not known',
  EAI_AGAIN: 'the host of DATABASE_URL cannot be looked up',
  ETIMEDOUT: 'no PostgreSQL answers in time: check DATABASE_URL and the network',
  EHOSTUNREACH: 'the host of DATABASE_URL cannot be reached',
  '28P01': 'PostgreSQL refuses the password: check DATABASE_URL and DATABASE_PASSWORD_FILE',
  '28000': 'PostgreSQL refuses the user: check DATABASE_URL',
  '42501': 'PostgreSQL does not allow our user to do that: check its rights',
  '3D000': 'PostgreSQL has no such database: create it, or check DATABASE_URL',
  '42P01': `the database has no tables yet: run the migration first (${TYPED.migrate})`,
  '57P03': 'PostgreSQL is still starting: try again in a moment',
};

/** What `pg` says, without a code. */
const NO_TLS = 'The server does not support SSL connections';

function explainDatabase(error: Error): string | null {
  const { code } = error as NodeJS.ErrnoException;
  if (error.message === NO_TLS) return 'PostgreSQL offers no TLS: let it, or take sslmode out of DATABASE_URL';
  if (code === undefined) return null;
  if (isUntrustedCertificate(code)) {
    return `the certificate of PostgreSQL is not believed (${code}): check DATABASE_CA_FILE, and that DATABASE_URL has the name it is made out to`;
  }
  return DATABASE_SENTENCES[code] ?? null;
}
