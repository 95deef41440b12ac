import { describe, expect, it } from '@jest/globals';
import { wouldRepeat } from './would-repeat.js';

describe('redriving a dead letter', () => {
  const letter = { code: 'BODY_NOT_JSON', reader: '1.0.0/abc' };

  it('would repeat what happened where everybody who reads it now is who refused it', () => {
    expect(wouldRepeat(letter, new Set(['1.0.0/abc']))).toBe(true);
  });

  it.each([
    ['another version or configuration reads', letter, ['1.0.1/abc']],
    ['another version is being rolled out', letter, ['1.0.0/abc', '1.0.1/abc']],
    ['one of the readers does not tell what it is', letter, ['1.0.0/abc', '']],
    ['nobody reads', letter, []],
    ['nobody knows who refused it', { ...letter, reader: null }, ['1.0.0/abc']],
    ['its cause may lie elsewhere', { ...letter, code: 'UNEXPLAINED' }, ['1.0.0/abc']],
    ['a broker was too small for it', { ...letter, code: 'ELEMENT_TOO_LARGE' }, ['1.0.0/abc']],
  ])('may help where %s', (_why, refused, readers) => {
    expect(wouldRepeat(refused, new Set(readers))).toBe(false);
  });
});
