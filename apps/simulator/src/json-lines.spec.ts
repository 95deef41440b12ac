import { describe, expect, it } from '@jest/globals';
import { jsonLines } from './json-lines.js';

describe('jsonLines', () => {
  it('gives a line for each thing, in many pieces where there are many', async () => {
    const things = Array.from({ length: 5_000 }, (_, index) => ({ index, text: '退订\n' }));
    const pieces: Buffer[] = [];
    for await (const piece of jsonLines(things)) pieces.push(piece as Buffer);
    expect(pieces.length).toBeGreaterThan(1);
    const lines = Buffer.concat(pieces).toString('utf8').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(things);
  });

  it('gives nothing for nothing', async () => {
    expect(await jsonLines([]).toArray()).toEqual([]);
  });
});
