import { describe, expect, it } from '@jest/globals';
import { parseJson } from '#contracts';
import type { JsonObject } from './provider.js';
import { MAX_DEPTH, unknownFields, withUnreadField } from './unknown-fields.js';

const KNOWN = new Set(['known']);

function extraOf(json: string): string | null {
  const extra = unknownFields(parseJson(json) as JsonObject, KNOWN);
  return extra && JSON.stringify(extra);
}

describe('unknownFields', () => {
  it.each([
    ['{"known":1}', '{}'],
    ['{"known":1,"a":"x","b":[1,{"c":null}]}', '{"a":"x","b":[1,{"c":null}]}'],
    [
      '{"n":123456789012345678901234567890,"e":1.50e3,"z":-0}',
      '{"n":123456789012345678901234567890,"e":1.50e3,"z":-0}',
    ],
    ['{"__proto__":{"__proto__":1},"constructor":2}', '{"__proto__":{"__proto__":1},"constructor":2}'],
    ['{"known":{"nested":1}}', '{"known":{"nested":1}}'],
    ['{"known":12345678901234567890}', '{}'],
    ['{"a":"x\\u0000","b":["\\ud800"],"c\\u0000":1}', '{"a":"x\\\\u0000","b":["\\\\ud800"],"c\\\\u0000":1}'],
  ])('keeps of %s: %s', (json, expected) => {
    expect(extraOf(json)).toBe(expected);
  });

  it('takes what is nested as deep as is allowed, and nothing deeper', () => {
    const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect(extraOf(nested(MAX_DEPTH))).toBe(nested(MAX_DEPTH));
    expect(extraOf(nested(MAX_DEPTH + 1))).toBeNull();
  });

  it('adds a known field that could not be read, without touching the others', () => {
    const extra = unknownFields(parseJson('{"a":1,"__proto__":2}') as JsonObject, KNOWN) ?? {};
    expect(JSON.stringify(withUnreadField(extra, 'known', 'odd\0'))).toBe(
      '{"a":1,"__proto__":2,"known":"odd\\\\u0000"}',
    );
    expect(JSON.stringify(extra)).toBe('{"a":1,"__proto__":2}');
  });
});
