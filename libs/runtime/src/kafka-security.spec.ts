import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { testCertificate } from '../../../test/stack/certificate.js';
import { FilesForTests } from './files-for-tests.js';
import { kafkaMistakes, kafkaSecurity, type KafkaVariables } from './kafka-security.js';

const { directory, write: file } = new FilesForTests();

const { cert, key } = testCertificate('ec');
const KAFKA_CA_FILE = file('ca.pem', cert);
const KAFKA_CERT_FILE = file('client.crt', cert);
const KAFKA_KEY_FILE = file('client.key', key);
const KAFKA_PASSWORD_FILE = file('password', 'hunter2\n');

const on = { KAFKA_TLS: 'on' } as const;
const login = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_USERNAME: 'ingress', KAFKA_PASSWORD_FILE } as const;

/** The variables that have a mistake. */
const wrong = (variables: KafkaVariables): string[] => kafkaMistakes(variables).map(({ path }) => path);

describe('kafkaSecurity', () => {
  it('is nothing where nothing is set', () => {
    expect(kafkaMistakes({})).toEqual([]);
    expect(kafkaSecurity({})).toEqual({ tls: null, sasl: null });
    expect(kafkaSecurity({ KAFKA_TLS: 'off' })).toEqual({ tls: null, sasl: null });
  });

  it('encrypts, with the authorities that Node trusts or its own, and shows a certificate', () => {
    expect(kafkaSecurity(on).tls).toEqual({ ca: null, client: null });
    const all = { ...on, KAFKA_CA_FILE, KAFKA_CERT_FILE, KAFKA_KEY_FILE };
    expect(kafkaMistakes(all)).toEqual([]);
    const client = { certificate: KAFKA_CERT_FILE, key: KAFKA_KEY_FILE };
    expect(kafkaSecurity(all).tls).toEqual({ ca: KAFKA_CA_FILE, client });
  });

  it('logs in by the password as the file has it now', () => {
    expect(kafkaMistakes({ ...on, ...login })).toEqual([]);
    const { sasl } = kafkaSecurity({ ...on, ...login });
    expect(sasl).toMatchObject({ mechanism: 'scram-sha-512', username: 'ingress' });
    expect(sasl!.password()).toBe('hunter2');
    writeFileSync(KAFKA_PASSWORD_FILE, 'hunter3\r\n');
    expect(sasl!.password()).toBe('hunter3');
    expect(JSON.stringify(sasl)).not.toContain('hunter');
  });
});

describe('kafkaMistakes', () => {
  it.each<[string, KafkaVariables, string[]]>([
    ['a login without TLS that nobody has said is meant', login, ['KAFKA_TLS']],
    ['one that somebody has', { KAFKA_TLS: 'off', ...login }, []],
    [
      'a login without a user and a password',
      { ...on, KAFKA_SASL_MECHANISM: 'plain' },
      ['KAFKA_USERNAME', 'KAFKA_PASSWORD_FILE'],
    ],
    ['two passwords', { ...on, ...login, KAFKA_PASSWORD: 'hunter2' }, ['KAFKA_PASSWORD']],
    ['a password without a login', { KAFKA_PASSWORD: 'hunter2' }, ['KAFKA_PASSWORD']],
    ['files without TLS', { KAFKA_CA_FILE }, ['KAFKA_CA_FILE']],
    ['a file that is not there', { ...on, KAFKA_CA_FILE: join(directory, 'none') }, ['KAFKA_CA_FILE']],
    [
      'a password file that is not there',
      { ...on, ...login, KAFKA_PASSWORD_FILE: join(directory, 'none') },
      ['KAFKA_PASSWORD_FILE'],
    ],
    ['an empty password file', { ...on, ...login, KAFKA_PASSWORD_FILE: file('empty', '\n') }, ['KAFKA_PASSWORD_FILE']],
    ['authorities that are none', { ...on, KAFKA_CA_FILE: KAFKA_KEY_FILE }, ['KAFKA_CA_FILE']],
    [
      'a key of another certificate',
      { ...on, KAFKA_CERT_FILE, KAFKA_KEY_FILE: file('other.key', testCertificate('ec').key) },
      ['KAFKA_CERT_FILE'],
    ],
  ])('%s', (_what, variables, expected) => {
    expect(wrong(variables)).toEqual(expected);
    expect(JSON.stringify(kafkaMistakes(variables))).not.toContain('hunter2');
  });
});
