import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testCertificate } from '../../../test/stack/certificate.js';
import { Certificate } from './certificate.js';
import { closeIngress, listening, TOKEN } from './ingress-for-tests.js';

let directory = '';
const paths = { certificate: '', key: '' };
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'quittance-certificate-'));
  paths.certificate = join(directory, 'tls.crt');
  paths.key = join(directory, 'tls.key');
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});
afterEach(closeIngress);

function write({ cert, key }: ReturnType<typeof testCertificate>): void {
  writeFileSync(paths.certificate, cert);
  writeFileSync(paths.key, key);
}

function opened(port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** The serial number of the certificate that a new connection is shown. */
async function shown(port: number): Promise<string> {
  const socket = await opened(port);
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

const serial = ({ cert }: { readonly cert: string }): string => new X509Certificate(cert).serialNumber;

describe('a certificate that is exchanged', () => {
  it('is what new connections get; those that are open go on', async () => {
    const [first, second] = [testCertificate('ec'), testCertificate('rsa')];
    write(first);
    const certificate = new Certificate(paths);
    const { app, port } = await listening({ tls: certificate.current });
    certificate.useServer(app.getHttpServer() as Server);
    expect(await shown(port)).toBe(serial(first));
    expect(certificate.reload()).toBeNull();

    const open = await opened(port);
    write(second);
    expect(certificate.reload()).toEqual({ expires: new X509Certificate(second.cert).validToDate.toISOString() });
    expect(await shown(port)).toBe(serial(second));
    open.write(`POST /receipts/ali/${TOKEN} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n[]`);
    const answer = await new Promise((resolve) =>
      open.once('data', (chunk: Buffer) => {
        resolve(chunk.toString('latin1'));
      }),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    open.destroy();
  });

  it('stays when its key does not come with it', async () => {
    const first = testCertificate('ec');
    write(first);
    const certificate = new Certificate(paths);
    const { app, port } = await listening({ tls: certificate.current });
    certificate.useServer(app.getHttpServer() as Server);
    writeFileSync(paths.certificate, testCertificate('ec').cert);
    expect(() => certificate.reload()).toThrow('are not a certificate and its private key, both PEM.');
    expect(await shown(port)).toBe(serial(first));
  });

  it('keeps to what is spoken at the door', async () => {
    write(testCertificate('rsa'));
    const certificate = new Certificate(paths);
    const { app, port } = await listening({ tls: certificate.current });
    certificate.useServer(app.getHttpServer() as Server);
    write(testCertificate('rsa'));
    certificate.reload();
    const weak = new Promise((resolve, reject) => {
      const options = { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:@SECLEVEL=0' } as const;
      connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, resolve as () => void).once(
        'error',
        reject,
      );
    });
    await expect(weak).rejects.toThrow(/handshake failure/);
  });
});
