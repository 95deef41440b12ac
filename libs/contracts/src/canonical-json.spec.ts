import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';
import { parseJson } from './json.js';

it('canonicalJson sorts keys at every depth and keeps every digit', () => {
  const value = parseJson('{"b":[{"z":1,"a":null}],"__proto__":"x","a":12345678901234567890,"10":1.50,"9":true}');
  expect(canonicalJson(value)).toBe(
    '{"10":1.50,"9":true,"__proto__":"x","a":12345678901234567890,"b":[{"a":null,"z":1}]}',
  );
});

it('canonicalJson is the same for every order of keys, and loses nothing', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
      const text = canonicalJson(fields);
      const reversed = Object.fromEntries(Object.entries(fields).reverse());
      expect(canonicalJson(reversed)).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(fields)));
    }),
  );
});
