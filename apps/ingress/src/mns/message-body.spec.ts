import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { messageBody } from './message-body.js';

describe('messageBody', () => {
  it('undoes Base64, whatever bytes it stands for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const original = Buffer.from(bytes);
        expect(messageBody(original.toString('base64'))).toEqual({ bytes: original, encoding: 'base64' });
      }),
    );
  });

  it('takes JSON as it is, also where a lenient decoder would find Base64 in it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())), (value) => {
        const text = JSON.stringify(value);
        expect(messageBody(text)).toEqual({ bytes: Buffer.from(text, 'utf8'), encoding: 'plain' });
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a missing end', 'eyJ9'.slice(0, 3)],
    ['a line break', 'eyJhIjox\nfQ=='],
    ['the alphabet for addresses', 'Pz8_Pj4-'],
    ['bits beyond the last byte', 'e31='],
  ])('leaves alone what is not strictly Base64: %s', (_what, text) => {
    expect(messageBody(text)).toEqual({ bytes: Buffer.from(text, 'utf8'), encoding: 'plain' });
  });
});
