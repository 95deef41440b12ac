import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isExactNumber, parseJson } from './json.js';

describe('parseJson', () => {
  it.each([
    '12345678901234567890',
    '-0',
    '[-0]',
    '{"a":-0,"b":1.0}',
    '{"a":9007199254740993}',
    '[1.10,1e5,1E+5,0.1e-7,123456789012345.678]',
    '{"a":{"b":[[9999999999999999]]}}',
    '[ \n 12345678901234567890 ]'.replaceAll(/\s/g, ''),
  ])('keeps every digit of %s', (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  it('keeps every number as it was written', () => {
    const digits = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9]{1,${length}}$`));
    const number = fc
      .tuple(
        fc.boolean(),
        digits(40).map((text) => text.replace(/^0+(?=\d)/, '')),
        fc.option(digits(20)),
        fc.option(fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/)),
      )
      .map(
        ([minus, whole, fraction, exponent]) =>
          `${minus ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}${exponent ?? ''}`,
      );
    fc.assert(
      fc.property(number, fc.constantFrom('', ' ', '\n\t'), (text, space) => {
        expect(JSON.stringify(parseJson(`${space}${text}${space}`))).toBe(text);
        expect(JSON.stringify(parseJson(`{"a":${space}${text},"b":[1,${space}${text}]}`))).toBe(
          `{"a":${text},"b":[1,${text}]}`,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('agrees with JSON.parse on everything that a double holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('marks only the numbers that would change', () => {
    expect((parseJson('[1,2.5,12345678901234567890,"1.0"]') as unknown[]).map(isExactNumber)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect([null, 'x', {}, undefined].map(isExactNumber)).toEqual([false, false, false, false]);
  });

  it('keeps a key __proto__ a key', () => {
    expect(JSON.stringify(parseJson('{"__proto__":12345678901234567890}'))).toBe('{"__proto__":12345678901234567890}');
  });

  it.each(['', '{', '01', '[1,]', 'NaN', '1.', '12345678901234567890x'])('throws SyntaxError for %j', (text) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  });
});
