import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { embeddedJson } from './embedded-json.js';

describe('embeddedJson', () => {
  it.each([
    ['an object', { a: 1 }, { a: 1 }],
    ['the text of an object', ' {"a":1}', { a: 1 }],
    ['the text of an array', '[1,"2"]', [1, '2']],
    ['plain text', 'ref-1', 'ref-1'],
    ['text that only begins like JSON', '{name}', '{name}'],
    ['the text of a number', '42', '42'],
    ['empty text', '', ''],
    ['a number', 42, 42],
    ['null', null, null],
    ['nothing', undefined, undefined],
  ])('reads %s', (_what, value, expected) => {
    expect(embeddedJson(value)).toEqual(expected);
  });

  it('keeps digits that a double cannot hold', () => {
    expect(JSON.stringify(embeddedJson('{"id":12345678901234567890}'))).toBe('{"id":12345678901234567890}');
  });

  it.each([100, 100_000])('leaves text alone that is nested %i deep', (depth) => {
    const text = `${'['.repeat(depth)}1.0${']'.repeat(depth)}`;
    expect(embeddedJson(text)).toBe(text);
  });

  it('gives the same for a value and for its text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())), (value) => {
        expect(JSON.stringify(embeddedJson(JSON.stringify(value)))).toBe(JSON.stringify(value));
      }),
    );
  });
});
