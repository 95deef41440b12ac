import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './mistakes.js';
import { explain } from './start.js';

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
