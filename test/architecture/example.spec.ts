import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { PROVIDERS } from '#providers';
import { textOf } from './source-tree.js';

interface Example {
  readonly accounts: Readonly<Record<string, { readonly provider: string }>>;
  readonly sources: readonly { readonly account: string; readonly receipt: string }[];
}

const FILE = textOf('quittance.example.yaml');

/** Receipt types, as `provider receipt`, that no source of an example takes in. */
function withoutSource(example: string): string[] {
  const { accounts, sources } = parse(example) as Example;
  const shown = new Set(sources.map(({ account, receipt }) => `${accounts[account]?.provider} ${receipt}`));
  return Object.values(PROVIDERS)
    .flatMap(({ id, receiptTypes }) => Object.keys(receiptTypes).map((receipt) => `${id} ${receipt}`))
    .filter((type) => !shown.has(type));
}

/** Variables that an example refers to and `.env.example` does not list. */
function unlistedVariables(example: string): string[] {
  const listed = new Set([...textOf('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name!));
  const withoutComments = example.replace(/(^|\s)#.*$/gm, '');
  const wanted = [...withoutComments.matchAll(/\$\{([A-Z][A-Z0-9_]*)\}/g)].map(([, name]) => name!);
  return [...new Set(wanted)].filter((name) => !listed.has(name));
}

describe('quittance.example.yaml', () => {
  it('has a source for every receipt type of every provider', () => {
    expect(withoutSource(FILE)).toEqual([]);
    // Two providers call a receipt the same.
    const lacking = FILE.replace(/ {2}- id: volcengine-uplink\n(?: {4}.*\n)+/, '');
    expect(withoutSource(lacking)).toEqual(['volcengine UplinkSms']);
  });

  it('refers to nothing that .env.example does not list', () => {
    expect(unlistedVariables(FILE)).toEqual([]);
    expect(unlistedVariables("a: '${ALI_TOKEN} ${GONE}' # ${COMMENT}\n")).toEqual(['GONE']);
  });
});
