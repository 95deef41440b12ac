import { describe, expect, it } from '@jest/globals';
import { adviceFor, countedAs, isRefused, QueueError, queueError } from './queue-error.js';

/** As the vendor's MNS client makes them: the code in the name, the whole address in the message. */
function ofClient(code: string): Error {
  const error = new Error(
    'DELETE https://1.mns.cn-hangzhou.aliyuncs.com/queues/q/messages?ReceiptHandle=secret failed with 404.',
  );
  error.name = `MNS${code}Error`;
  return error;
}

describe('queueError', () => {
  it.each([
    [ofClient('AccessDenied'), 'AccessDenied'],
    [ofClient('InternalError'), 'InternalError'],
    [
      Object.assign(new Error('x, URL: https://h/?Signature=secret'), { code: 'SignatureDoesNotMatch' }),
      'SignatureDoesNotMatch',
    ],
    [Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new SyntaxError('Unexpected token < in JSON'), 'UnexpectedAnswer'],
    [Object.assign(new Error('x'), { code: 'a code with secret blanks' }), 'unknown'],
    ['text', 'unknown'],
  ])('keeps the code and nothing that an address holds: %p', (error, code) => {
    const found = queueError(error);
    expect(found.code).toBe(code);
    expect(`${found.message} ${found.stack}`).not.toContain('secret');
  });

  it('knows what another token may help against, and has advice', () => {
    expect(isRefused(new QueueError('AccessDenied'))).toBe(true);
    expect(isRefused(new QueueError('QueueNotExist'))).toBe(false);
    expect(adviceFor(new QueueError('QueueNotExist'))).toContain('compare queue and region');
    expect(adviceFor(new QueueError('InternalError'))).toBe('trying again');
    expect(countedAs(new QueueError('QueueNotExist'))).toBe('QueueNotExist');
    expect(countedAs(new QueueError('MadeUpByAServer'))).toBe('other');
  });
});
