import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '#contracts';
import { countOf, idText, integerText, textOf, verbatimTextOf, withTrimmedKeys } from './field-readers.js';

const json = (text: string): unknown => parseJson(text);

describe('textOf', () => {
  it.each([
    ['" a b "', 'a b'],
    ['12', '12'],
    ['1.50', '1.50'],
    ['12345678901234567890', '12345678901234567890'],
    ['false', 'false'],
    ['""', null],
    ['"  "', null],
    ['null', null],
    ['["a"]', null],
    ['{"a":1}', null],
  ])('reads %s', (text, expected) => {
    expect(textOf(json(text))).toBe(expected);
  });

  it('answers null for what is absent', () => {
    expect(textOf(undefined)).toBeNull();
  });
});

describe('idText', () => {
  it.each([
    ['1234567890', '1234567890'],
    ['1.23456789E9', '1234567890'],
    ['1.234567890e+9', '1234567890'],
    ['568585703.0', '568585703'],
    ['12345678901234567890', '12345678901234567890'],
    ['1.2345678901234567890123E22', '12345678901234567890123'],
    ['0.0', '0'],
    ['-5e1', '-50'],
    ['"007"', '007'],
    ['"1e5"', '1e5'],
    ['1.5', '1.5'],
    ['15e-1', '15e-1'],
    ['1e999', '1e999'],
    ['"abc"', 'abc'],
    ['[]', null],
  ])('reads %s', (text, expected) => {
    expect(idText(json(text))).toBe(expected);
  });

  it('gives an integer the same text in whatever form it was written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), (integer) => {
        const digits = String(integer);
        const exponent = `${digits.charAt(0)}.${digits.slice(1) || '0'}E${digits.length - 1}`;
        expect(idText(json(digits))).toBe(digits);
        expect(idText(json(`${digits}.000`))).toBe(digits);
        expect(idText(json(exponent))).toBe(digits);
        expect(idText(digits)).toBe(digits);
      }),
    );
  });
});

describe('integerText', () => {
  it.each([
    ['1.23456789E9', '1234567890'],
    ['"1.23456789E9"', '1234567890'],
    ['"1234567890.0"', '1234567890'],
    ['"1234567890"', '1234567890'],
    ['"007"', '007'],
    ['"1.5"', '1.5'],
    ['"1e999"', '1e999'],
    ['"seq.1e5"', 'seq.1e5'],
    ['""', null],
  ])('reads %s', (text, expected) => {
    expect(integerText(json(text))).toBe(expected);
  });
});

describe('countOf', () => {
  it.each([
    ['"1"', 1],
    ['2', 2],
    ['3.0', 3],
    ['0', 0],
    ['"1,2"', null],
    ['-1', null],
    ['1.5', null],
    ['true', null],
    ['"12345678901"', null],
    ['null', null],
  ])('reads %s', (text, expected) => {
    expect(countOf(json(text))).toBe(expected);
  });
});

it('verbatimTextOf keeps what a person wrote', () => {
  expect(['  hi ', '', 5, null].map(verbatimTextOf)).toEqual(['  hi ', '', '5', null]);
});

describe('withTrimmedKeys', () => {
  it('leaves clean elements alone', () => {
    const element = { a: 1, 'b c': 2 };
    expect(withTrimmedKeys(element)).toBe(element);
  });

  it('trims keys, unless the clean one is there too', () => {
    expect(withTrimmedKeys({ 'Timestamp ': 1, '\ta': 2, a: 3 })).toEqual({ Timestamp: 1, '\ta': 2, a: 3 });
  });

  it('never loses a field', () => {
    const key = fc.constantFrom('a', ' a', 'a ', ' a ', '__proto__', ' __proto__', '', ' ');
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(key, fc.nat()), { selector: ([name]) => name }), (entries) => {
        const values = Object.values(withTrimmedKeys(Object.fromEntries(entries)));
        expect([...values].sort()).toEqual(entries.map(([, value]) => value).sort());
      }),
    );
  });
});
