import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_ELEMENTS, readJsonElements } from './json-body.js';

function elementsOf(body: string | Buffer): { values: readonly unknown[]; bytes: string[] } {
  const read = readJsonElements(Buffer.from(body));
  if (!('elements' in read)) throw new Error(read.code);
  return { values: read.elements, bytes: read.elements.map((_, index) => read.bytesOf(index).toString()) };
}

describe('readJsonElements', () => {
  it('takes an array apart', () => {
    expect(elementsOf(' [ {"a":1} ,\n{"a":"[,]\\"}"},[],"x" ] ')).toEqual({
      values: [{ a: 1 }, { a: '[,]"}' }, [], 'x'],
      bytes: ['{"a":1}', '{"a":"[,]\\"}"}', '[]', '"x"'],
    });
  });

  it('takes an object for one element', () => {
    expect(elementsOf('{"a":1}')).toEqual({ values: [{ a: 1 }], bytes: ['{"a":1}'] });
  });

  it('takes a byte order mark', () => {
    expect(elementsOf('\ufeff[{"a":1},2]')).toEqual({ values: [{ a: 1 }, 2], bytes: ['{"a":1}', '2'] });
  });

  it('gives every element its own bytes, however the array was written', () => {
    const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
    const element = fc.tuple(
      fc.jsonValue().map((value) => JSON.stringify(value, null, 1)),
      space,
      space,
    );
    fc.assert(
      fc.property(fc.array(element, { maxLength: 6 }), space, space, (elements, before, after) => {
        const body = `${before}[${elements.map(([text, left, right]) => left + text + right).join(',')}]${after}`;
        const texts = elements.map(([text]) => text);
        expect(elementsOf(body).bytes).toEqual(texts);
        expect(JSON.stringify(elementsOf(body).values)).toBe(JSON.stringify(JSON.parse(body)));
      }),
    );
  });

  it('keeps the digits of a good element beside one that is nested too deep for exact parsing', () => {
    const deep = `${'['.repeat(50_000)}1${']'.repeat(50_000)}`;
    const { values, bytes } = elementsOf(`[${deep},{"n":12345678901234567890}]`);
    expect(JSON.stringify(values[1])).toBe('{"n":12345678901234567890}');
    expect(bytes[0]).toBe(deep);
  });

  it.each([
    ['', 'BODY_NOT_JSON'],
    ['\ufeff', 'BODY_NOT_JSON'],
    ['[1', 'BODY_NOT_JSON'],
    ['[1] x', 'BODY_NOT_JSON'],
    ["{'a':1}", 'BODY_NOT_JSON'],
    ['"secret"', 'BODY_NOT_RECEIPTS'],
    ['12345678901234567890', 'BODY_NOT_RECEIPTS'],
    ['null', 'BODY_NOT_RECEIPTS'],
    [Buffer.from([0x5b, 0xff, 0x5d]), 'BODY_NOT_UTF8'],
    [`[${'0,'.repeat(MAX_ELEMENTS)}0]`, 'BODY_TOO_LARGE'],
  ])('refuses %j as a whole', (body, code) => {
    expect(readJsonElements(Buffer.from(body))).toMatchObject({ code });
  });

  it('says nothing of what stands in the body', () => {
    const refused = readJsonElements(Buffer.from('13800000001 secret'));
    expect(JSON.stringify(refused)).not.toMatch(/secret|138/);
  });

  it('takes the list out of an envelope, with the bytes of its elements', () => {
    const list = { list: 'reports' };
    const parts = (body: string): unknown => {
      const read = readJsonElements(Buffer.from(body), list);
      if (!('elements' in read)) return read;
      return read.elements.map((element, index) => [element, read.bytesOf(index).toString()]);
    };
    expect(parts('{"n":{"reports":[0]},"reports":[{"a":"]}"} , 2],"z":"\\\\"}')).toEqual([
      [{ a: ']}' }, '{"a":"]}"}'],
      [2, '2'],
    ]);
    // An escaped name, and a name that stands twice: the last one counts, as in JSON.parse.
    expect(parts('\ufeff { "reports" : 1, "re\\u0070orts" : [ 7 ] } ')).toEqual([[7, '7']]);
    expect(parts('{"reports":[]}')).toEqual([]);
    expect(parts('{"other":1}')).toEqual([[{ other: 1 }, '{"other":1}']]);
    expect(parts('[{"reports":1}]')).toEqual([[{ reports: 1 }, '{"reports":1}']]);
    expect(parts('{"reports":{"a":1}}')).toEqual({ code: 'BODY_NOT_RECEIPTS', detail: 'reports is not an array' });
  });

  it('finds the list of an envelope whatever stands around it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()), (others, elements) => {
        const body = JSON.stringify({ ...others, list: elements }, null, 1);
        const read = readJsonElements(Buffer.from(body), { list: 'list' });
        if (!('elements' in read)) throw new Error(read.code);
        const again = read.elements.map((_, index): unknown => JSON.parse(read.bytesOf(index).toString()));
        expect(JSON.stringify(again)).toBe(JSON.stringify(JSON.parse(JSON.stringify(elements))));
      }),
    );
  });
});
