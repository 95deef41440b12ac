import { describe, expect, it } from '@jest/globals';
import { rpcSignature } from './rpc-signature.js';

const VENDORS_EXAMPLE = {
  Action: 'DescribeRegions',
  AccessKeyId: 'testid',
  Format: 'XML',
  SignatureMethod: 'HMAC-SHA1',
  SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
  SignatureVersion: '1.0',
  Timestamp: '2016-02-23T12:46:24Z',
  Version: '2014-05-26',
};

const TOKEN = {
  Action: 'QueryTokenForMnsQueue',
  AccessKeyId: 'testid',
  Format: 'JSON',
  MessageType: 'SmsReport',
  QueueName: 'Alicom-Queue-1000000000000001-SmsReport',
  RegionId: 'cn-hangzhou',
  SignatureMethod: 'HMAC-SHA1',
  SignatureNonce: '00000000-0000-4000-8000-000000000001',
  SignatureVersion: '1.0',
  Timestamp: '2026-07-09T03:00:00Z',
  Version: '2017-05-25',
};

describe('the RPC signature', () => {
  it.each([
    ['the example that the vendor publishes', 'GET', VENDORS_EXAMPLE, 'OLeaidS1JvxuMvnyHOwuJ+uX5qY='],
    ['a request for a token', 'POST', TOKEN, 'KdqICg0yX+Y7po5F/xYjqpkX0YI='],
  ] as const)('%s', (_name, method, parameters, expected) => {
    expect(rpcSignature(method, new Map(Object.entries(parameters)), 'testsecret')).toBe(expected);
    const signed = new Map(Object.entries({ Signature: 'x', ...parameters }));
    expect(rpcSignature(method, signed, 'testsecret')).toBe(expected);
  });

  it('escapes as RFC 3986 says', () => {
    const sign = (value: string): string => rpcSignature('GET', new Map([['A', value]]), 's');
    expect(new Set(['a b', 'a+b', 'a*b', 'a~b', "a'b"].map(sign)).size).toBe(5);
  });
});
