import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { KafkaConnection, TlsFiles } from './environment-shape.js';
import type { Mistake } from './mistakes.js';
import { certificateMistake, fileMistake, readSecret } from './named-files.js';

/** How one can log in: what the Kafka client knows, without what is one vendor's. */
export const SASL_MECHANISMS = ['scram-sha-512', 'scram-sha-256', 'plain'] as const;

/** The variables that say how Kafka lets us in. */
export interface KafkaVariables {
  readonly KAFKA_TLS?: 'on' | 'off';
  readonly KAFKA_CA_FILE?: string;
  readonly KAFKA_CERT_FILE?: string;
  readonly KAFKA_KEY_FILE?: string;
  readonly KAFKA_SASL_MECHANISM?: (typeof SASL_MECHANISMS)[number];
  readonly KAFKA_USERNAME?: string;
  readonly KAFKA_PASSWORD_FILE?: string;
  readonly KAFKA_PASSWORD?: string;
}

/** What the variables come to. Only of variables without mistakes. */
export function kafkaSecurity(variables: KafkaVariables): Pick<KafkaConnection, 'tls' | 'sasl'> {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username = '', KAFKA_PASSWORD_FILE: file } = variables;
  const password = variables.KAFKA_PASSWORD ?? '';
  return {
    tls: variables.KAFKA_TLS === 'on' ? { ca: variables.KAFKA_CA_FILE ?? null, client: clientFiles(variables) } : null,
    sasl:
      mechanism === undefined
        ? null
        : { mechanism, username, password: file === undefined ? () => password : () => readSecret(file) },
  };
}

/** What is wrong with how the variables go together, and with the files that they name. */
export function kafkaMistakes(variables: KafkaVariables): Mistake[] {
  return [...tlsMistakes(variables), ...saslMistakes(variables)];
}

function tlsMistakes(variables: KafkaVariables): Mistake[] {
  const { KAFKA_TLS, KAFKA_CA_FILE, KAFKA_CERT_FILE, KAFKA_KEY_FILE } = variables;
  if (KAFKA_TLS !== 'on') {
    const given = Object.entries({ KAFKA_CA_FILE, KAFKA_CERT_FILE, KAFKA_KEY_FILE }).filter(
      ([, path]) => path !== undefined,
    );
    return given.map(([path]) => ({ path, message: 'is set, and KAFKA_TLS is not on' }));
  }
  const mistakes = [
    certificateMistake('KAFKA_CA_FILE', KAFKA_CA_FILE),
    certificateMistake('KAFKA_CERT_FILE', KAFKA_CERT_FILE),
    fileMistake('KAFKA_KEY_FILE', KAFKA_KEY_FILE),
  ].filter((mistake) => mistake !== null);
  if (mistakes.length > 0) return mistakes;
  const client = clientFiles(variables);
  if (client === null || belongTogether(client)) return [];
  const message = 'and KAFKA_KEY_FILE do not name a certificate and its private key, both PEM';
  return [{ path: 'KAFKA_CERT_FILE', message }];
}

function belongTogether({ certificate, key }: TlsFiles): boolean {
  try {
    createSecureContext({ cert: readFileSync(certificate), key: readFileSync(key) });
    return true;
  } catch {
    return false;
  }
}

function saslMistakes(variables: KafkaVariables): Mistake[] {
  const { KAFKA_SASL_MECHANISM, KAFKA_USERNAME, KAFKA_PASSWORD_FILE, KAFKA_PASSWORD, KAFKA_TLS } = variables;
  const mistakes: Mistake[] = [];
  if (KAFKA_SASL_MECHANISM === undefined) {
    const useless = { KAFKA_USERNAME, KAFKA_PASSWORD_FILE, KAFKA_PASSWORD };
    const given = Object.entries(useless).filter(([, value]) => value !== undefined);
    return given.map(([path]) => ({ path, message: 'is set, and KAFKA_SASL_MECHANISM is not' }));
  }
  if (KAFKA_USERNAME === undefined) {
    mistakes.push({ path: 'KAFKA_USERNAME', message: 'is not set, and KAFKA_SASL_MECHANISM is' });
  }
  if (KAFKA_PASSWORD_FILE === undefined && KAFKA_PASSWORD === undefined) {
    mistakes.push({ path: 'KAFKA_PASSWORD_FILE', message: 'is not set, and KAFKA_SASL_MECHANISM is' });
  }
  if (KAFKA_PASSWORD_FILE !== undefined && KAFKA_PASSWORD !== undefined) {
    mistakes.push({ path: 'KAFKA_PASSWORD', message: 'is set, and KAFKA_PASSWORD_FILE too: leave one out' });
  }
  const unreadable = fileMistake('KAFKA_PASSWORD_FILE', KAFKA_PASSWORD_FILE);
  if (unreadable !== null) mistakes.push(unreadable);
  if (KAFKA_TLS === undefined) {
    // Whoever listens could take a password of `plain`, and the session of any: that must have been meant.
    const message = 'is not set, and KAFKA_SASL_MECHANISM is: set it to on, or to off where the line is safe otherwise';
    mistakes.push({ path: 'KAFKA_TLS', message });
  }
  return mistakes;
}

function clientFiles({ KAFKA_CERT_FILE: certificate, KAFKA_KEY_FILE: key }: KafkaVariables): TlsFiles | null {
  return certificate === undefined || key === undefined ? null : { certificate, key };
}
