import { describe, expect, it } from '@jest/globals';
import { MASKED, printable } from './masked.js';

describe('what is personal', () => {
  it.each([
    ['+8613800001234', '+86138****1234'],
    ['+4917012345', '+****5'],
    ['12345', '****'],
    ['1234567', '1****7'],
    ['', '****'],
  ])('is recognised by whoever knows it: %s', (number, shown) => {
    expect(MASKED.number(number)).toBe(shown);
  });

  it("leaves a provider's words, without numbers", () => {
    expect(MASKED.words('用户 13800001234 (+8613800001234) 不在服务区, code 4031')).toBe(
      '用户 **** (****) 不在服务区, code 4031',
    );
  });
});

it('what somebody pushed says nothing to a terminal, and makes no line of its own', () => {
  expect(printable('“gone\u001b]0;owned\u0007\nDelivered: \u202eno” 不在')).toBe(
    '“gone\ufffd]0;owned\ufffd\ufffdDelivered: \ufffdno” 不在',
  );
});
