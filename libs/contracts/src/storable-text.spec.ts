import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { storableText } from './storable-text.js';

const ESCAPED = /\\u(?:0000|d[89a-f][\da-f]{2})/;

/** How a subscriber gets the original back, as docs/contracts says. */
function original(text: string): string {
  if (!ESCAPED.test(text)) return text;
  return text.replaceAll(/\\(?:\\|u([\da-f]{4}))/g, (_all, code: string | undefined) =>
    code === undefined ? '\\' : String.fromCharCode(parseInt(code, 16)),
  );
}

describe('storableText', () => {
  it.each([
    ['plain', 'plain'],
    ['a\\b', 'a\\b'],
    ['😀', '😀'],
    ['a\0b', 'a\\u0000b'],
    ['\ud83d', '\\ud83d'],
    ['\ude00\ud83d', '\\ude00\\ud83d'],
    ['\\\0', '\\\\\\u0000'],
    ['a\\u0041', 'a\\u0041'],
    ['\\u0000', '\\\\u0000'],
  ])('writes %j as %j', (text, expected) => {
    expect(storableText(text)).toBe(expected);
  });

  it('gives text that every store takes and that can be read back', () => {
    const unit = fc.constantFrom('\\', 'u', '0', '0000', 'd83d', '\0', '\ud83d', '\ude00', 'x', '\\u0000');
    const nasty = fc.array(unit, { maxLength: 10 }).map((units) => units.join(''));
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (text) => {
        const stored = storableText(text);
        expect(stored.isWellFormed() && !stored.includes('\0')).toBe(true);
        expect(original(stored)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
