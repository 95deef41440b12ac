import { describe, expect, it } from '@jest/globals';
import { quantile, uuidTime } from './run-outcome.js';

describe('uuidTime', () => {
  it('reads the example of RFC 9562, appendix A.6', () => {
    expect(uuidTime('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')).toBe(Date.parse('2022-02-22T19:22:22.000Z'));
  });

  it('reads no time from a UUID of another version', () => {
    expect(uuidTime('919108f7-52d1-4320-9bac-f847db4148a8')).toBeNull();
  });
});

describe('quantile', () => {
  it('takes the value below which the fraction lies', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(quantile(hundred, 0.5)).toBe(51);
    expect(quantile(hundred, 0.99)).toBe(100);
    expect(quantile(hundred, 1)).toBe(100);
    expect(quantile([], 0.5)).toBeNull();
  });
});
