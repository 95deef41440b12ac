import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, StartError } from './mistakes.js';
import { explain, listenOrExplain } from './start.js';

const named = (name: string, fields: object = {}): Error => Object.assign(new Error('inner words'), { name }, fields);

describe('explain', () => {
  it.each([
    [
      'a configuration',
      new ConfigurationError('q.yaml', [{ path: 'a.b', message: 'wrong' }]),
      /^1 mistake in q\.yaml\n {2}a\.b: wrong$/,
    ],
    [
      'a broker away',
      named('KafkaJSNumberOfRetriesExceeded', { cause: named('KafkaJSConnectionError') }),
      /KAFKA_BROKERS/,
    ],
    ['a database away', named('Error', { code: 'ECONNREFUSED' }), /DATABASE_URL/],
    [
      'a database error inside another',
      new Error('query failed', { cause: named('error', { code: '3D000' }) }),
      /DATABASE_URL/,
    ],
    [
      'brokers whose certificate is not believed',
      named('KafkaJSNumberOfRetriesExceeded', {
        cause: named('KafkaJSConnectionError', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      }),
      /KAFKA_CA_FILE/,
    ],
    [
      'brokers that do not know us',
      named('KafkaJSNonRetriableError', { cause: named('KafkaJSSASLAuthenticationError') }),
      /KAFKA_USERNAME/,
    ],
    ['a right in Kafka that is missing', named('KafkaJSProtocolError', { type: 'TOPIC_AUTHORIZATION_FAILED' }), /ACLs/],
    ['a database whose certificate is not believed', named('Error', { code: 'CERT_HAS_EXPIRED' }), /DATABASE_CA_FILE/],
    ['a right in the database that is missing', named('error', { code: '42501' }), /rights/],
    ['a missing table', named('error', { code: '42P01' }), /npm run migrate/],
  ])('has a sentence for %s', (_what, error, sentence) => {
    expect(explain(error)).toMatch(sentence);
    expect(explain(error)).not.toContain('inner words');
  });

  it.each([
    new TypeError('a defect'),
    named('KafkaJSNumberOfRetriesExceeded', { cause: new TypeError('x') }),
    'text',
    null,
  ])('has none for a defect: %s', (error) => {
    expect(explain(error)).toBeNull();
  });
});

describe('listenOrExplain', () => {
  it.each([
    ['PORT', 'EADDRINUSE', /set PORT to/],
    ['MANAGEMENT_PORT', 'EADDRINUSE', /set MANAGEMENT_PORT to/],
    ['PORT', 'EADDRNOTAVAIL', /set HOST to/],
    ['MANAGEMENT_PORT', 'EADDRNOTAVAIL', /set MANAGEMENT_HOST to/],
  ] as const)('%s, %s: names what to change', async (variable, code, sentence) => {
    const listen = (): Promise<void> => Promise.reject(named('Error', { code }));
    const listening = listenOrExplain(variable, { host: '192.0.2.1', port: 9100 }, listen);
    await expect(listening).rejects.toThrow(StartError);
    await expect(listening).rejects.toThrow(sentence);
  });
});
