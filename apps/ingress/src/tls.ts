import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { SecureVersion } from 'node:tls';
import { StartError } from '#runtime';
import type { TlsFiles } from '#runtime';

/**
 * What the public door speaks where it ends TLS itself. Huawei Cloud asks for TLS 1.2 with at least one of the first
 * four (https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0063.html), so 1.3 alone would lose its pushes;
 * which of them a client can have depends on the certificate, RSA or ECDSA. The last three are those of TLS 1.3.
 */
const SUITES = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
];

/** Options of node:tls. */
export interface TlsOptions {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: SecureVersion;
  readonly ciphers: string;
  readonly honorCipherOrder: boolean;
}

/** @throws StartError if a file cannot be read, holds something else, or the two do not belong together */
export function tlsOptions({ certificate, key }: TlsFiles): TlsOptions {
  const options: TlsOptions = {
    cert: read('TLS_CERT_FILE', certificate),
    key: read('TLS_KEY_FILE', key),
    minVersion: 'TLSv1.2',
    ciphers: SUITES.join(':'),
    honorCipherOrder: true,
  };
  try {
    createSecureContext(options);
  } catch {
    // The library's own words name neither file.
    throw new StartError(
      `${certificate} (TLS_CERT_FILE) and ${key} (TLS_KEY_FILE) are not a certificate and its private key, both PEM.`,
    );
  }
  return options;
}

function read(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new StartError(`${path} cannot be read (${code}): let ${variable} name a PEM file.`);
  }
}
