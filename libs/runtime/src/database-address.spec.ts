import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { testCertificate } from '../../../test/stack/certificate.js';
import { databaseAddress, databaseMistakes } from './database-address.js';
import { FilesForTests } from './files-for-tests.js';

const { directory, write: file } = new FilesForTests();

const DATABASE_CA_FILE = file('ca.pem', testCertificate('ec').cert);
const DATABASE_PASSWORD_FILE = file('password', 'p@ss w+rd%/?&\n');
const DATABASE_URL = 'postgresql://app@db:5432/quittance';

describe('databaseAddress', () => {
  it('is the address as it stands where nothing else is said', () => {
    for (const address of [DATABASE_URL, 'postgresql://a@/b?host=/run', `${DATABASE_URL}?sslmode=verify-full`]) {
      expect(databaseAddress({ DATABASE_URL: address })).toBe(address);
    }
    expect(databaseAddress({ DATABASE_CA_FILE })).toBeNull();
  });

  it('checks the certificate and its name where it encrypts at all', () => {
    for (const mode of ['prefer', 'require', 'verify-ca']) {
      const address = databaseAddress({ DATABASE_URL: `${DATABASE_URL}?sslmode=${mode}&application_name=a%20b` })!;
      const { searchParams } = new URL(address);
      expect([...searchParams]).toEqual([
        ['sslmode', 'verify-full'],
        ['application_name', 'a b'],
      ]);
    }
    expect(databaseAddress({ DATABASE_URL: `${DATABASE_URL}?sslmode=disable` })).toBe(
      `${DATABASE_URL}?sslmode=disable`,
    );
  });

  it('names the file of the authorities, and has the password of the other', () => {
    const address = databaseAddress({ DATABASE_URL, DATABASE_CA_FILE, DATABASE_PASSWORD_FILE })!;
    expect(Object.fromEntries(new URL(address).searchParams)).toEqual({
      sslmode: 'verify-full',
      sslrootcert: DATABASE_CA_FILE,
      password: 'p@ss w+rd%/?&',
    });
    expect(address.startsWith(DATABASE_URL)).toBe(true);
  });
});

describe('databaseMistakes', () => {
  it.each([
    ['none', { DATABASE_URL, DATABASE_CA_FILE, DATABASE_PASSWORD_FILE }, []],
    ['two passwords', { DATABASE_URL: 'postgresql://a:b@c/d', DATABASE_PASSWORD_FILE }, ['DATABASE_PASSWORD_FILE']],
    [
      'authorities, and nothing to check',
      { DATABASE_URL: `${DATABASE_URL}?sslmode=disable`, DATABASE_CA_FILE },
      ['DATABASE_CA_FILE'],
    ],
    ['no certificate', { DATABASE_URL, DATABASE_CA_FILE: DATABASE_PASSWORD_FILE }, ['DATABASE_CA_FILE']],
    ['no file', { DATABASE_URL, DATABASE_PASSWORD_FILE: join(directory, 'none') }, ['DATABASE_PASSWORD_FILE']],
  ])('%s', (_what, variables, expected) => {
    expect(databaseMistakes(variables).map(({ path }) => path)).toEqual(expected);
  });
});
