import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProviderCatalogue } from '../configuration/configuration.js';
import { ConfigurationError } from '../mistakes.js';
import { LiveConfiguration } from './live-configuration.js';

const CATALOGUE: ProviderCatalogue = { alibaba: { receiptTypes: { SmsReport: { channel: 'sms', deadline: 500 } } } };
const NAMESPACE = '6f1c1a52-3c1b-4d0e-9a44-2f6a5c1f7e10';
const TOKEN = 'token-0123456789abcdef';

let directory = '';
let path = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'quittance-live-'));
  path = join(directory, 'quittance.yaml');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

interface Said {
  readonly tokens?: Readonly<Record<string, string>>;
  readonly labels?: object;
  readonly head?: object;
}

/** Writes a file with a source for each token. */
function write({ tokens = { a: TOKEN }, labels = {}, head = {} }: Said = {}): void {
  const sources = Object.entries(tokens).map(([id, token]) => ({
    id,
    account: 'main',
    receipt: 'SmsReport',
    http: { tokens: [token] },
  }));
  const accounts = { main: { provider: 'alibaba', labels } };
  writeFileSync(path, JSON.stringify({ identityNamespace: NAMESPACE, ...head, accounts, sources }));
}

function live(said?: Said): LiveConfiguration {
  write(said);
  return new LiveConfiguration(path, {}, CATALOGUE);
}

/** The mistakes for which it was refused. */
function refused(configuration: LiveConfiguration): readonly string[] {
  try {
    configuration.reload();
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.mistakes.map(({ path: place, message }) => `${place}: ${message}`);
    throw error;
  }
  throw new Error('it was taken over');
}

describe('LiveConfiguration', () => {
  it('takes over what the file says now, and tells what became different', () => {
    const configuration = live({ tokens: { a: TOKEN, b: TOKEN, c: TOKEN } });
    write({ tokens: { b: `${TOKEN}-2`, c: TOKEN, d: TOKEN } });
    expect(configuration.reload()).toEqual({ added: ['d'], removed: ['a'], changed: ['b'], accounts: [] });
    expect([...configuration.current.sources.keys()]).toEqual(['b', 'c', 'd']);
    expect(configuration.current.sources.get('b')!.http!.tokens).toEqual([`${TOKEN}-2`]);
    write({ tokens: { b: `${TOKEN}-2`, c: TOKEN, d: TOKEN }, labels: { unit: 'retail' } });
    expect(configuration.reload()).toEqual({ added: [], removed: [], changed: ['b', 'c', 'd'], accounts: ['main'] });
  });

  it('disturbs nobody when the file says what it said', () => {
    const configuration = live();
    let told = 0;
    configuration.onChange(() => () => (told += 1));
    const before = configuration.current;
    write();
    expect(configuration.reload()).toBeNull();
    expect([configuration.current === before, told]).toEqual([true, 0]);
  });

  it('keeps all of what it has when anything is wrong, and says everything that is, without a value', () => {
    const configuration = live();
    const before = configuration.current;
    write({ tokens: { a: 'short', 'B!': TOKEN } });
    const mistakes = refused(configuration);
    expect(mistakes.map((line) => line.split(':')[0])).toEqual(['sources[0].http.tokens[0]', 'sources[1].id']);
    expect(mistakes.join()).not.toMatch(/short|B!/);
    expect(configuration.current).toBe(before);
    writeFileSync(path, '');
    expect(refused(configuration)).toHaveLength(1);
    rmSync(path);
    expect(refused(configuration)).toHaveLength(1);
    expect(configuration.current).toBe(before);
  });

  it.each([
    ['identityNamespace', { identityNamespace: 'a0c1f1de-6b8f-4d0e-9a44-2f6a5c1f7e10' }],
    ['installation', { installation: 'other' }],
    ['trustedProxies', { trustedProxies: ['10.0.0.0/8'] }],
  ])('does not change %s while the process runs, and nothing else with it', (name, head) => {
    const configuration = live();
    write({ tokens: { other: TOKEN }, head });
    expect(refused(configuration)).toEqual([
      `${name}: cannot change while the process runs: take it back, or restart all processes with it`,
    ]);
    expect([...configuration.current.sources.keys()]).toEqual(['a']);
  });

  it('follows files that it refers to, also those that were missing when it was refused', () => {
    const secret = join(directory, 'token');
    const other = join(directory, 'other');
    writeFileSync(secret, TOKEN);
    const configuration = live({ tokens: { a: `\${file:${secret}}` } });
    expect([...configuration.files]).toEqual([path, secret]);
    writeFileSync(secret, `${TOKEN}-2`);
    expect(configuration.reload()).toMatchObject({ changed: ['a'] });
    expect(configuration.current.sources.get('a')!.http!.tokens).toEqual([`${TOKEN}-2`]);

    write({ tokens: { a: `\${file:${other}}` } });
    refused(configuration);
    expect([...configuration.files].sort()).toEqual([other, path, secret].sort());
    writeFileSync(other, `${TOKEN}-3`);
    configuration.reload();
    expect([...configuration.files]).toEqual([path, other]);
  });

  it('lets nobody take over when one of them cannot prepare', () => {
    const configuration = live();
    const before = configuration.current;
    const taken: string[] = [];
    configuration.onChange(() => () => taken.push('first'));
    configuration.onChange(() => {
      throw new Error('cannot');
    });
    write({ tokens: { other: TOKEN } });
    expect(() => configuration.reload()).toThrow('cannot');
    expect([taken, configuration.current === before]).toEqual([[], true]);
  });
});
