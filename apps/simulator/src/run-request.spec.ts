import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { RunRequestBody } from './run-request.js';

function problemsOf(body: object): string[] {
  const errors = validateSync(plainToInstance(RunRequestBody, { messages: 10, rate: 10, ...body }), {
    whitelist: true,
    forbidNonWhitelisted: true,
  });
  return errors.map(({ property }) => property);
}

describe('RunRequestBody', () => {
  it.each<object>([
    {},
    { begins: '2026-11-21T17:00:00.000Z' },
    { seed: 7, doors: { queue: 1 }, duplicates: 0, disorder: 1, poison: 0.5, late: 0.1, contradictions: 0.2 },
    { burst: { every: 1_000, size: 500 }, only: ['ali-sms-report'] },
    { targets: { 'huawei-status': 'http://127.0.0.1:3000/callback', 'ali-sms-up': 'https://example.com/a?b=c' } },
  ])('takes %j', (body) => {
    expect(problemsOf(body)).toEqual([]);
  });

  it.each<[string, object]>([
    ['messages', { messages: 0 }],
    ['doors', { doors: { push: 0, queue: 0 } }],
    ['doors', { doors: { push: -1, both: 2 } }],
    ['doors', { doors: { sideways: 1 } }],
    ['duplicates', { duplicates: 1.5 }],
    ['burst', { burst: { every: 0, size: 1 } }],
    ['burst', { burst: 5 }],
    ['only', { only: ['ali-sms'] }],
    ['only', { only: [] }],
    ['targets', { targets: { 'ali-sms': 'http://127.0.0.1' } }],
    ['targets', { targets: { 'ali-sms-up': 'file:///etc' } }],
    ['begins', { begins: 'yesterday' }],
    ['speed', { speed: 1 }],
  ])('does not take %s as in %j', (property, body) => {
    expect(problemsOf(body)).toEqual([property]);
  });
});
