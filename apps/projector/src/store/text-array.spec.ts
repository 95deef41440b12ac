import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textArray } from './text-array.js';

/** Takes the text apart as array_in of Postgres does (src/backend/utils/adt/arrayfuncs.c). */
function parse(text: string): (string | null)[] {
  const elements = text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^",]+)/gsu);
  return [...elements].map(([, quoted, bare]) =>
    quoted === undefined ? (bare === 'NULL' ? null : bare!) : quoted.replaceAll(/\\(.)/gsu, '$1'),
  );
}

it('textArray writes every text so that it is read as it was', () => {
  const value = fc.oneof(fc.constantFrom('', 'NULL', 'a', '{', '"', '\\', 'a,b', ' '), fc.string());
  fc.assert(
    fc.property(fc.array(fc.option(value)), (values) => {
      expect(parse(textArray(values))).toEqual(values);
    }),
  );
});

it('textArray writes numbers, truth and what is not there', () => {
  expect(textArray([1, true, false, null, undefined, 'true', 1, 1])).toBe('{1,true,false,NULL,NULL,"true",1,1}');
  expect(textArray([])).toBe('{}');
});
