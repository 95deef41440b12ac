import { describe, expect, it } from '@jest/globals';
import { mnsSignature } from './signature.js';

const SECRET = 'test-secret-0123456789';
const DATE = 'Thu, 09 Jul 2026 03:01:34 GMT';
const MESSAGES = '/queues/Alicom-Queue-1000000000000001-SmsReport/messages';
const XML = 'text/xml;charset=UTF-8';

/** Computed after the vendor's page; the first and the last also by running its Python client. */
const VECTORS = [
  ['GET', `${MESSAGES}?numOfMessages=16&waitseconds=10`, { 'content-type': XML }, 'rfd7/LxTZSdzZRxmUW/n4e5IZQk='],
  ['GET', `${MESSAGES}?waitseconds=30`, {}, 'fI0Ahr87WbLxRxmGurI6o9p6ZC8='],
  [
    'DELETE',
    `${MESSAGES}?ReceiptHandle=1-ODU4OTkzNDU5NC0xNzgzNTY2MTI0LTItOA==`,
    { 'content-type': XML },
    'bDehAxTUgHSKdxvovufyx2hzUzo=',
  ],
  [
    'DELETE',
    MESSAGES,
    { 'content-type': XML, 'content-md5': '23ufMB9cCz+uQjM+/rznng==' },
    'mkaiMSVaolFfmxZ9OC2kXM5QryE=',
  ],
  [
    'DELETE',
    MESSAGES,
    { 'content-type': XML, 'content-md5': 'ZGI3YjlmMzAxZjVjMGIzZmFlNDIzMzNlZmViY2U3OWU=' },
    'VWPbhKEYHcC31NXyZljviaGtgIY=',
  ],
] as const;

describe('the signature of a request to a queue', () => {
  it.each(VECTORS)('%s %s', (method, target, headers, expected) => {
    const request = { method, target, headers: { ...headers, date: DATE, 'x-mns-version': '2015-06-06' } };
    expect(mnsSignature(request, SECRET, DATE)).toBe(expected);
  });

  it('covers every x-mns- header, by name', () => {
    const request = { method: 'GET', target: '/queues', headers: { 'x-mns-version': '2015-06-06' } };
    const plain = mnsSignature(request, SECRET, DATE);
    const more = { ...request, headers: { 'x-mns-version': '2015-06-06', 'x-mns-prefix': 'a', 'security-token': 'b' } };
    const moved = {
      ...request,
      headers: { 'security-token': 'c', 'x-mns-prefix': 'a', 'x-mns-version': '2015-06-06' },
    };
    expect(mnsSignature(more, SECRET, DATE)).not.toBe(plain);
    expect(mnsSignature(moved, SECRET, DATE)).toBe(mnsSignature(more, SECRET, DATE));
  });
});
