import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKafka, type KafkaBroker } from '../../dev/kafka-broker.js';
import { anyFreePort } from '../../dev/ports.js';
import { postgresAccount } from '../../dev/postgres-account.js';
import { removePostgresFiles } from '../../dev/postgres-files.js';
import { startPostgres, type PostgresServer } from '../../dev/postgres-server.js';
import { signedCertificate, testAuthority } from '../stack/certificate.js';

/** A Kafka and a Postgres that let nobody in without a certificate or a password, and nobody do what he may not. */
export interface SecuredServers {
  /** Without TLS, and allowed everything: the operator's own way in. */
  readonly plain: KafkaBroker;
  /** `host:port` where one logs in with a password, over TLS. */
  readonly passwords: string;
  /** `host:port` where one's certificate says who one is. */
  readonly certificates: string;
  readonly postgres: PostgresServer;
  /** Paths of PEM files: who has signed the servers' certificates, and somebody who has not. */
  readonly ca: string;
  readonly otherCa: string;
  /** Makes a certificate for a user of Kafka. */
  clientCertificate(user: string): { readonly certificate: string; readonly key: string };
  /** What the broker has refused to anybody so far, a line each. */
  refusals(): readonly string[];
  stop(): Promise<void>;
}

const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

/**
 * Starts both. The certificates are made for this run.
 * @param directory for everything that they keep
 * @param users of Kafka: password by name
 */
export async function startSecuredServers(
  directory: string,
  users: Readonly<Record<string, string>>,
): Promise<SecuredServers> {
  const authority = testAuthority('authority of the tests');
  const server = signedCertificate('servers', authority);
  const file = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const ca = file('ca.pem', authority.cert);
  const otherCa = file('other-ca.pem', testAuthority('another').cert);
  const keyStore = file('broker.pem', server.key + server.cert);
  const [passwords, certificates] = [await anyFreePort(), await anyFreePort()];
  const [plain, postgres] = await Promise.all([
    startKafka({
      dataDirectory: join(directory, 'kafka'),
      additions: {
        listeners: [`SASL_SSL://127.0.0.1:${passwords}`, `SSL://127.0.0.1:${certificates}`],
        properties: [
          'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL',
          'sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256,PLAIN',
          // Clients log in again ten seconds before that: after some two seconds.
          'connections.max.reauth.ms=12000',
          `listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${SCRAM}`,
          `listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=${SCRAM}`,
          `listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${Object.entries(
            users,
          )
            .map(([name, password]) => `user_${name}="${password}"`)
            .join(' ')};`,
          'ssl.keystore.type=PEM',
          `ssl.keystore.location=${keyStore}`,
          'ssl.truststore.type=PEM',
          `ssl.truststore.location=${ca}`,
          'listener.name.ssl.ssl.client.auth=required',
          'listener.name.ssl.ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/',
          'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          'allow.everyone.if.no.acl.found=false',
          // Whoever comes without TLS: the operator, and the broker to itself.
          'super.users=User:ANONYMOUS',
        ],
        format: Object.entries(users).flatMap(([name, password]) =>
          ['SCRAM-SHA-512', 'SCRAM-SHA-256'].flatMap((mechanism) => [
            '--add-scram',
            `${mechanism}=[name=${name},password=${password}]`,
          ]),
        ),
        java: ['-Dorg.slf4j.simpleLogger.log.kafka.authorizer.logger=info'],
      },
    }),
    startPostgres({ dataDirectory: join(directory, 'postgres'), settings: tlsSettings(directory, server) }),
  ]);
  return {
    plain,
    passwords: `127.0.0.1:${passwords}`,
    certificates: `127.0.0.1:${certificates}`,
    postgres,
    ca,
    otherCa,
    clientCertificate: (user) => {
      const { cert, key } = signedCertificate(user, authority);
      return { certificate: file(`${user}.crt`, cert), key: file(`${user}.key`, key) };
    },
    refusals: () =>
      readFileSync(plain.logFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes(' is Denied ')),
    stop: async () => {
      await Promise.all([plain.stop(), postgres.stop()]);
      removePostgresFiles(join(directory, 'postgres'));
    },
  };
}

/** Postgres may run as another account, and takes no key that others can read. */
function tlsSettings(directory: string, { cert, key }: { readonly cert: string; readonly key: string }): string[] {
  const folder = join(directory, 'postgres-tls');
  mkdirSync(folder, { mode: 0o700 });
  const [certFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  writeFileSync(certFile, cert, { mode: 0o600 });
  writeFileSync(keyFile, key, { mode: 0o600 });
  const account = postgresAccount();
  if (account !== null) {
    for (const path of [folder, certFile, keyFile]) chownSync(path, account.uid, account.gid);
    chmodSync(directory, 0o755);
  }
  return ['ssl=on', `ssl_cert_file=${certFile}`, `ssl_key_file=${keyFile}`];
}
