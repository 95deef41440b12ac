import { describe, expect, it } from '@jest/globals';
import { canonicalRequest } from './canonical-request.js';

const partsOf = (target: string): string[] =>
  canonicalRequest({ method: 'post', target, headers: [], body: Buffer.alloc(0) })
    .split('\n')
    .slice(0, 3);

describe('canonicalRequest', () => {
  it.each([
    ['/a', '/a/', ''],
    ['/a/', '/a/', ''],
    ['/', '/', ''],
    ['', '/', ''],
    ['/a%2fb/%7Ec d', '/a%2Fb/~c%20d/', ''],
    ['/%e4%bd%a0/\u00e4', '/%E4%BD%A0/%E4/', ''],
    ['/a?b=2&b=1&a=x', '/a/', 'a=x&b=1&b=2'],
    ['/a?b&c=&&d=e=f', '/a/', 'b=&c=&d=e%3Df'],
    ['/a?q=a%20b+c', '/a/', 'q=a%20b%2Bc'],
    ['/a?', '/a/', ''],
  ])('reads %j', (target, path, query) => {
    expect(partsOf(target)).toEqual(['POST', path, query]);
  });
});
