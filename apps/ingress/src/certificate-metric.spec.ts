import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { testCertificate } from '../../../test/stack/certificate.js';
import { registerCertificateMetric } from './certificate-metric.js';

it('tells until when the certificate is valid, also that of a renewed one', async () => {
  const registry = new Registry();
  let certificate = testCertificate('ec').cert;
  registerCertificateMetric(registry, () => Buffer.from(certificate));
  const expiry = async (): Promise<number> => Number(/_seconds (\d+)$/m.exec(await registry.metrics())?.[1]);
  const tomorrow = Date.now() / 1_000 + 86_400;
  expect(Math.abs((await expiry()) - tomorrow)).toBeLessThan(60);
  certificate += testCertificate('rsa').cert;
  expect(Math.abs((await expiry()) - tomorrow)).toBeLessThan(60);
});
