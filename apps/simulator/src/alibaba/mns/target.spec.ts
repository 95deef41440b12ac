import { describe, expect, it } from '@jest/globals';
import { readTarget, wholeNumber, withoutOrigin } from './target.js';

describe('a request target', () => {
  it('loses its origin, if it has one', () => {
    expect(withoutOrigin('http://1.mns.cn-hangzhou.aliyuncs.com/queues/a/messages?x=http://y/')).toBe(
      '/queues/a/messages?x=http://y/',
    );
    expect(withoutOrigin('HTTPS://host:8443')).toBe('/');
    expect(withoutOrigin('http://host?a=1')).toBe('/?a=1');
    expect(withoutOrigin('/queues')).toBe('/queues');
  });

  it('is read whatever the case of its names, and with handles escaped or not', () => {
    const plain = readTarget('/queues/a-1/messages?ReceiptHandle=1-a+b/c==&visibilityTimeout=5');
    const escaped = readTarget('/queues/a-1/messages?receiptHandle=1-a%2Bb%2Fc%3D%3D&VISIBILITYTIMEOUT=5');
    expect(plain).toEqual(escaped);
    expect(plain.parameters.get('receipthandle')).toBe('1-a+b/c==');
    expect(plain).toMatchObject({ queue: 'a-1', isAboutMessages: true });
    expect(readTarget('/queues')).toMatchObject({ queue: null, isAboutMessages: false });
    expect(readTarget('/queues/a')).toMatchObject({ queue: 'a', isAboutMessages: false });
  });

  it.each([
    ['/queues/a/b', 'InvalidRequestURL'],
    ['/topics/a', 'InvalidRequestURL'],
    ['/queues/1a', 'InvalidQueueName'],
    ['/queues/a_b', 'InvalidQueueName'],
    [`/queues/${'a'.repeat(257)}`, 'QueueNameLengthError'],
    ['/queues/a/messages?x=%', 'InvalidQueryString'],
  ])('%s is answered %s', (target, code) => {
    expect(() => readTarget(target)).toThrow(expect.objectContaining({ code }));
  });

  it('holds whole numbers within their range', () => {
    expect(wholeNumber('n', '16', 1, 16)).toBe(16);
    expect(wholeNumber('n', undefined, 1, 16)).toBeNull();
    for (const wrong of ['0', '17', '1.5', '-1', 'x', '1e1', ' 1']) {
      expect(() => wholeNumber('n', wrong, 1, 16)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }));
    }
  });
});
