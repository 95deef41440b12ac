import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFormElements } from './form-body.js';

const OPTIONS = { numbers: new Set(['from']), list: 'reports' };

function read(body: string | Buffer): unknown {
  const parts = readFormElements(Buffer.from(body), OPTIONS);
  return 'elements' in parts ? parts.elements : parts;
}

describe('readFormElements', () => {
  it.each([
    ['pairs', 'a=1&b=2', { a: '1', b: '2' }],
    ['encoded separators, which stay part of the value', 'a=x%26y%3Dz&b=%2B86', { a: 'x&y=z', b: '+86' }],
    ['a value with an equals sign', 'a=b=c', { a: 'b=c' }],
    ['plus as a space', 'a=x+y&b+c=1', { a: 'x y', 'b c': '1' }],
    ['UTF-8, encoded in either case or not at all', 'a=%e4%bD%a0&b=好', { a: '你', b: '好' }],
    ['a percent sign that begins no escape', 'a=100%&b=%zz%4', { a: '100%', b: '%zz%4' }],
    ['names without value, and nothing between two separators', 'a&&b=', { a: '', b: '' }],
    ['the same twice', 'a=1&a=1', { a: '1' }],
    ['two values for one name', 'a=1&a=2&a=1', { a: ['1', '2', '1'] }],
    ['a bare plus in front of a number, and of something else', 'from=+86155&a=+86', { from: '+86155', a: ' 86' }],
    ['an encoded space in front of a number', 'from=%2086155', { from: ' 86155' }],
  ])('reads %s', (_what, body, fields) => {
    expect(read(body)).toEqual([fields]);
  });

  it('keeps a field that is called __proto__', () => {
    expect(JSON.stringify(read('__proto__=1'))).toBe('[{"__proto__":"1"}]');
  });

  it('knows no bytes of the element but those of the body', () => {
    const body = Buffer.from('a=1&b=2');
    const parts = readFormElements(body, OPTIONS);
    expect('elements' in parts && parts.bytesOf(0)).toBe(body);
  });

  it('reads JSON as JSON', () => {
    expect(read('{"a":"b=c"}')).toEqual([{ a: 'b=c' }]);
    expect(read(' {"reports":[{"a":1},{"a":2}]}')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(read('\ufeff\n[]')).toEqual([]);
    expect(read('{"a"=1')).toMatchObject({ code: 'BODY_NOT_JSON' });
  });

  it.each([
    ['nothing', '', 'BODY_NOT_FORM'],
    ['a text without a pair', 'hello', 'BODY_NOT_FORM'],
    ['bytes that are not UTF-8', Buffer.from([0x61, 0x3d, 0xc4, 0xe3]), 'BODY_NOT_UTF8'],
    ['escapes that are not UTF-8 (GBK)', 'a=%C4%E3', 'BODY_NOT_UTF8'],
    ['a name that is not UTF-8', '%C4=1', 'BODY_NOT_UTF8'],
    ['more fields than any receipt has', 'a=1&'.repeat(2_000), 'BODY_TOO_LARGE'],
  ])('refuses %s', (_what, body, code) => {
    expect(read(body)).toMatchObject({ code });
  });

  it('reads back what URLSearchParams writes', () => {
    const field = fc.tuple(fc.string({ minLength: 1, unit: 'binary' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.uniqueArray(field, { selector: ([name]) => name, minLength: 1, maxLength: 8 }), (fields) => {
        const written = new URLSearchParams(fields);
        const values = Object.fromEntries([...written]);
        fc.pre([...written].every(([name]) => name !== 'from') && [...new Set(written.keys())].length === written.size);
        expect(read(written.toString())).toEqual([values]);
      }),
    );
  });

  it('agrees with URLSearchParams about any text that is one', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '=', '&', '%', '2', '6', '+', '%C3%A9') }), (text) => {
        fc.pre(text.includes('='));
        const parts = read(text);
        fc.pre(Array.isArray(parts));
        const fields = new Map<string, Set<string>>();
        for (const [name, value] of new URLSearchParams(text)) {
          fields.set(name, (fields.get(name) ?? new Set()).add(value));
        }
        const [element] = parts as [Record<string, string | string[]>];
        const found = Object.entries(element).map(([name, value]) => [name, new Set([value].flat())]);
        expect(new Map(found as [string, Set<string>][])).toEqual(fields);
      }),
    );
  });
});
