import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../mistakes.js';
import type { Configuration, ProviderCatalogue } from './configuration.js';
import { loadConfiguration, type LoadOptions } from './load.js';

export const CATALOGUE: ProviderCatalogue = {
  alibaba: {
    receiptTypes: {
      SmsReport: { channel: 'sms', deadline: 500 },
      SmsUp: { channel: 'sms', deadline: 500 },
      ChatAppStatus: { channel: null, deadline: 2000 },
    },
    queues: 'mns',
  },
  huawei: {
    receiptTypes: { StatusReport: { channel: 'sms', deadline: 5000 } },
    checkSignature: true,
  },
};
export const NAMESPACE = '6f1c1a52-3c1b-4d0e-9a44-2f6a5c1f7e10';
export const ENV = { NS: NAMESPACE, TOKEN: 'token-from-the-environment', OTHER: 'another-secret-token' };

/** Loads a file that says this. */
export function load(yaml: string, env: Record<string, string> = ENV, options?: LoadOptions): Configuration {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-configuration-'));
  try {
    const path = join(directory, 'quittance.yaml');
    writeFileSync(path, yaml);
    return loadConfiguration(path, env, CATALOGUE, options);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Every mistake as `path: message`, and the whole text that would be shown. */
export function refused(
  yaml: string,
  env: Record<string, string> = ENV,
  options?: LoadOptions,
): { lines: string[]; text: string } {
  try {
    load(yaml, env, options);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { lines: error.mistakes.map(({ path, message }) => `${path}: ${message}`), text: error.message };
  }
  throw new Error('the configuration was accepted');
}

/** A valid file around other accounts or sources. */
export function file(parts: { accounts?: string; sources?: string; head?: string }): string {
  return [
    parts.head ?? "identityNamespace: '${NS}'",
    parts.accounts ?? 'accounts: { main: { provider: alibaba } }',
    parts.sources ?? "sources: [{ id: a, account: main, receipt: SmsReport, http: { tokens: ['${TOKEN}'] } }]",
  ].join('\n');
}

/** A file whose source has this `http`. */
export const door = (http: string): string =>
  file({ sources: `sources: [{ id: a, account: main, receipt: SmsReport, http: ${http} }]` });
