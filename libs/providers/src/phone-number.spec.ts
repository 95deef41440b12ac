import { describe, expect, it } from '@jest/globals';
import { mainlandNumber } from './phone-number.js';

describe('mainlandNumber', () => {
  it.each(['13800000001', '+8613800000001', '8613800000001', '008613800000001', '+86 138-0000-0001', '138 0000 0001'])(
    'knows the person in %s',
    (text) => {
      expect(mainlandNumber(text)).toEqual({ canonical: '13800000001', e164: '+8613800000001' });
    },
  );

  it.each([
    ['a number abroad', '+85260000001', '85260000001', '+85260000001'],
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
