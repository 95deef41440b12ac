import { describe, expect, it } from '@jest/globals';
import { jsonArray } from './json-array.js';

describe('jsonArray', () => {
  it('is what array_recv of Postgres reads', () => {
    expect(jsonArray(['{"a":"ü"}', '1']).toString('hex')).toBe(
      '00000001' + // one dimension
        '00000000' + // no nulls
        '00000072' + // json
        '00000002' + // two elements
        '00000001' + // the first is number one
        '0000000a7b2261223a22c3bc227d' +
        '0000000131',
    );
  });

  it('has a place for what is not there', () => {
    expect(jsonArray([null, '1']).toString('hex')).toBe(
      '00000001' + '00000001' + '00000072' + '00000002' + '00000001' + 'ffffffff' + '0000000131',
    );
  });
});
