import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testCertificate } from '../../../test/stack/certificate.js';
import { closeIngress, listening, TOKEN } from './ingress-for-tests.js';
import { tlsOptions } from './tls.js';
import type { TlsOptions } from './tls.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'quittance-tls-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});
afterEach(closeIngress);

function optionsWith(kind: 'rsa' | 'ec'): TlsOptions {
  const { cert, key } = testCertificate(kind);
  const files = { certificate: join(directory, `${kind}.crt`), key: join(directory, `${kind}.key`) };
  writeFileSync(files.certificate, cert);
  writeFileSync(files.key, key);
  return tlsOptions(files);
}

/** Pushes a receipt over TLS; what was agreed on, and the first line of the answer. */
function pushOver(
  port: number,
  options: ConnectionOptions,
): Promise<{ protocol: string; cipher: string; answer: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    const protocol = (): string => socket.getProtocol() ?? 'none';
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.write(`POST /receipts/ali/${TOKEN} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n[]`);
    });
    socket.once('data', (chunk: Buffer) => {
      const [answer = ''] = chunk.toString('latin1').split('\r\n');
      resolve({ protocol: protocol(), cipher: socket.getCipher().name, answer });
      socket.destroy();
    });
  });
}

describe('TLS at the public door', () => {
  it.each([
    ['ec', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    ['ec', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    ['rsa', 'ECDHE-RSA-AES128-GCM-SHA256'],
    ['rsa', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ] as const)(
    'with an %s key takes a push over TLS 1.2 and %s: huawei-batch-status-report, "Type"',
    async (kind, cipher) => {
      const { port, published } = await listening({ tls: optionsWith(kind) });
      expect(await pushOver(port, { maxVersion: 'TLSv1.2', ciphers: cipher })).toEqual({
        protocol: 'TLSv1.2',
        cipher,
        answer: 'HTTP/1.1 200 OK',
      });
      expect(published).toHaveLength(1);
    },
  );

  it('speaks 1.3 with who can', async () => {
    const { port } = await listening({ tls: optionsWith('ec') });
    expect(await pushOver(port, {})).toMatchObject({ protocol: 'TLSv1.3', answer: 'HTTP/1.1 200 OK' });
  });

  it('refuses what is weaker', async () => {
    const { port, published } = await listening({ tls: optionsWith('rsa') });
    const weak = { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:ECDHE-RSA-AES128-SHA:@SECLEVEL=0' } as const;
    await expect(pushOver(port, weak)).rejects.toThrow(/handshake failure/);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    await expect(pushOver(port, old)).rejects.toThrow(/protocol version/);
    expect(published).toEqual([]);
  });

  it('says which file cannot be read', () => {
    expect(() => tlsOptions({ certificate: '/nowhere/a.crt', key: '/nowhere/a.key' })).toThrow(
      '/nowhere/a.crt cannot be read (ENOENT): let TLS_CERT_FILE name a PEM file.',
    );
  });

  it('says when certificate and key do not belong together', () => {
    const files = { certificate: join(directory, 'mixed.crt'), key: join(directory, 'mixed.key') };
    writeFileSync(files.certificate, testCertificate('ec').cert);
    writeFileSync(files.key, testCertificate('ec').key);
    expect(() => tlsOptions(files)).toThrow('are not a certificate and its private key, both PEM.');
  });
});
