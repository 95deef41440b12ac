import { describe, expect, it } from '@jest/globals';
import { splitNumber } from './split-number.js';

describe('splitNumber', () => {
  it.each([
    ['86', '13800000000', '8613800000000', '+8613800000000'],
    ['+86', '13800000000', '8613800000000', '+8613800000000'],
    ['0086', '13800000000', '8613800000000', '+8613800000000'],
    ['86', '+8613800000000', '8613800000000', '+8613800000000'],
    ['86', '8613800000000', '8613800000000', '+8613800000000'],
    ['1', '2025550100', '12025550100', '+12025550100'],
    ['852', '51230000', '85251230000', '+85251230000'],
    // Only the mainland repeats its code: Kazakhstan has numbers that begin with that of its country.
    ['7', '7012345678', '77012345678', '+77012345678'],
    [null, '13800000000', '8613800000000', '+8613800000000'],
    [null, '10086', '10086', null],
    ['86', '13xxxxxxxxx', '+8613xxxxxxxxx', null],
  ])('%j and %j', (code, national, canonical, e164) => {
    expect(splitNumber(code, national)).toEqual({ canonical, e164 });
  });
});
