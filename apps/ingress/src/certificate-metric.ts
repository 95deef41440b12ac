import { X509Certificate } from 'node:crypto';
import { Gauge, type Registry } from 'prom-client';
import { METRIC_PREFIX } from '#runtime';

/**
 * Until when the certificate of the public door is valid: the day after, providers push to nobody.
 * @param certificate PEM; of a chain the first counts
 */
export function registerCertificateMetric(registry: Registry, certificate: () => Buffer): void {
  new Gauge({
    name: `${METRIC_PREFIX}certificate_expiry_timestamp_seconds`,
    help: 'When the certificate of the public door expires, where it ends TLS itself',
    registers: [registry],
    collect() {
      this.set(Date.parse(new X509Certificate(certificate()).validTo) / 1_000);
    },
  });
}
