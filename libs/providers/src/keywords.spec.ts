import { describe, expect, it } from '@jest/globals';
import { keywordOf } from './keywords.js';

describe('keywordOf', () => {
  it.each([
    ['TD', 'stop'],
    [' td \n', 'stop'],
    ['ＴＤ', 'stop'],
    ['T', 'stop'],
    ['r', 'stop'],
    ['退订', 'stop'],
    ['Unsubscribe', 'stop'],
    ['start', 'start'],
    ['Help', 'help'],
    ['', null],
    ['TD please', null],
    ['停', null],
    ['1', null],
    ['a long reply that is no keyword: stop', null],
    [' '.repeat(20) + 'TD', 'stop'],
  ])('reads %j', (text, expected) => {
    expect(keywordOf(text)).toBe(expected);
  });
});
