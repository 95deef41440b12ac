import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { internationalNumber, mainlandNumber } from './phone-number.js';

describe('mainlandNumber', () => {
  it.each(['13800000001', '+8613800000001', '8613800000001', '008613800000001', '+86 138-0000-0001', '138 0000 0001'])(
    'knows the person in %s',
    (text) => {
      expect(mainlandNumber(text)).toEqual({ canonical: '8613800000001', e164: '+8613800000001' });
    },
  );

  it.each([
    ['a number abroad', '+85260000001', '85260000001', '+85260000001'],
    ['a number in North America', '+12025550123', '12025550123', '+12025550123'],
    ['a number in North America that would be a mobile number here', '+13800000001', '13800000001', '+13800000001'],
    ['a number abroad without a plus', '85260000001', '85260000001', null],
    ['11 digits that are no mobile number', '23800000001', '23800000001', null],
    ['12 digits', '138000000011', '138000000011', null],
    ['a short code', '10690000', '10690000', null],
    ['a short code with a plus', '+123', '123', null],
    ['a plus before a zero', '+01234567', '01234567', null],
    ['too many digits for E.164', '+1234567890123456', '1234567890123456', null],
    ['a mask', '138****0001', '138****0001', null],
    ['no digits', '+', '+', null],
    ['a plus inside', '138+00000001', '138+00000001', null],
  ])('reads %s', (_what, text, canonical, e164) => {
    expect(mainlandNumber(text)).toEqual({ canonical, e164 });
  });

  it('does not take two masked people for one', () => {
    expect(mainlandNumber('138****0001').canonical).not.toBe(mainlandNumber('1380001').canonical);
  });
});

describe('internationalNumber', () => {
  it.each(['6580000001', '+6580000001', '006580000001', '+65 8000-0001'])('knows the person in %s', (text) => {
    expect(internationalNumber(text)).toEqual({ canonical: '6580000001', e164: '+6580000001' });
  });

  it.each([
    ['a zero where the country code begins', '0123456789', '0123456789'],
    ['a plus before the 00', '+0065123456', '0065123456'],
    ['an id that is too long for E.164', '17841400000000001', '17841400000000001'],
    ['a short code', '106', '106'],
    ['a name', 'viber-service-1', 'viber-service-1'],
    ['a mask', '658****0001', '658****0001'],
  ])('has no country for %s', (_what, text, canonical) => {
    expect(internationalNumber(text)).toEqual({ canonical, e164: null });
  });

  it('knows a person in mainland China by the same digits as a product that serves nobody else', () => {
    const number = { canonical: '8613800000001', e164: '+8613800000001' };
    for (const text of ['+8613800000001', '8613800000001', '008613800000001']) {
      expect(internationalNumber(text)).toEqual(number);
      expect(mainlandNumber(text)).toEqual(number);
    }
    expect(mainlandNumber('13800000001')).toEqual(number);
  });

  it('takes 11 digits that start with 1 for North America', () => {
    expect(internationalNumber('12025550123')).toEqual({ canonical: '12025550123', e164: '+12025550123' });
    expect(internationalNumber('13800000001').canonical).not.toBe(mainlandNumber('13800000001').canonical);
  });
});

it('two numbers of certain country have the same canonical text if, and only if, they are the same number', () => {
  const country = fc.constantFrom('', '1', '+1', '001', '86', '+86', '0086', '852', '+852', '00852');
  const national = fc.constantFrom('13800000001', '3800000001', '13800000002', '60000001', '2025550123');
  const number = fc
    .tuple(fc.constantFrom(mainlandNumber, internationalNumber), country, national)
    .map(([read, code, rest]) => read(code + rest))
    .filter(({ e164 }) => e164 !== null);
  fc.assert(
    fc.property(number, number, (a, b) => {
      expect(a.canonical === b.canonical).toBe(a.e164 === b.e164);
    }),
    { numRuns: 500 },
  );
});
