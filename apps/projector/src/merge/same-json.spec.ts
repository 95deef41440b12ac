import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '#contracts';
import { sameJson } from './same-json.js';

/** Few names and values, so that equal ones are common; undefined, and keys in any order. */
const VALUE = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(null, undefined, true, 0, 1, 'a', 'b'),
    fc.array(tie('value'), { maxLength: 2 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('x', 'y', 'z'), tie('value')), { maxLength: 2, selector: ([name]) => name })
      .map((members) => Object.fromEntries(members)),
  ),
})).value;

it('sameJson says what comparing the texts says', () => {
  fc.assert(
    fc.property(VALUE, VALUE, (a, b) => {
      expect(sameJson(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      expect(sameJson(a, structuredClone(a))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it('sameJson sees every digit', () => {
  const [a, b] = ['{"n":9007199254740993}', '{"n":9007199254740992.5}'].map(parseJson);
  expect(sameJson(a, b)).toBe(false);
  expect(sameJson(a, parseJson('{"n":9007199254740993}'))).toBe(true);
});
