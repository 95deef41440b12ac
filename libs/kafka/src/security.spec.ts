import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { afterAll, describe, expect, it } from '@jest/globals';
import { signedCertificate, testAuthority } from '../../../test/stack/certificate.js';
import { ignore } from '../../../test/system/silent-logger.js';
import { connectionAdvice, securityOptions } from './security.js';

const directory = mkdtempSync(join(tmpdir(), 'quittance-kafka-tls-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('securityOptions', () => {
  it('asks for nothing where nothing is configured', () => {
    expect(securityOptions(null, null, ignore)).toEqual({});
  });

  it('asks for the password each time that somebody logs in', () => {
    let current = 'first';
    const { sasl } = securityOptions(null, { mechanism: 'plain', username: 'u', password: () => current }, ignore);
    const { password } = sasl as { readonly password: string };
    current = 'second';
    expect([password, (sasl as { readonly password: string }).password]).toEqual(['first', 'second']);
  });

  it('reads the certificates for each connection: what was exchanged on the disk is used', async () => {
    const authority = testAuthority('ours');
    const server = createServer(signedCertificate('broker', authority));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ca = join(directory, 'ca.pem');
    const untrusted: string[] = [];
    const { socketFactory } = securityOptions({ ca, client: null }, null, (code) => untrusted.push(code));
    const connect = (): Promise<string> =>
      new Promise((resolve) => {
        const onConnect = (): void => {
          socket.destroy();
          resolve('connected');
        };
        const socket = socketFactory!({ host: '127.0.0.1', port, ssl: {}, onConnect }) as TLSSocket;
        socket.once('error', ({ code }: NodeJS.ErrnoException) => {
          resolve(code ?? 'unknown');
        });
      });
    try {
      writeFileSync(ca, testAuthority('another').cert);
      expect(await connect()).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      writeFileSync(ca, authority.cert);
      expect(await connect()).toBe('connected');
      expect(untrusted).toEqual(['UNABLE_TO_VERIFY_LEAF_SIGNATURE']);
    } finally {
      server.close();
    }
  });
});

describe('connectionAdvice', () => {
  const error = (fields: object): Error => Object.assign(new Error('inner words'), fields);

  it.each([
    [error({ name: 'KafkaJSSASLAuthenticationError' }), 'KAFKA_USERNAME'],
    [error({ cause: error({ name: 'KafkaJSSASLAuthenticationError' }) }), 'KAFKA_USERNAME'],
    [error({ type: 'GROUP_AUTHORIZATION_FAILED' }), 'ACLs'],
    [error({ code: 'SELF_SIGNED_CERT_IN_CHAIN' }), 'KAFKA_CA_FILE'],
    [error({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'KAFKA_BROKERS'],
    [error({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' }), 'KAFKA_TLS'],
    [error({ code: 'ECONNREFUSED' }), 'look elsewhere'],
    ['text', 'look elsewhere'],
  ])('%#', (what, expected) => {
    expect(connectionAdvice(what, 'look elsewhere')).toContain(expected);
  });
});
