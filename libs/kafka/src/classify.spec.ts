import { describe, expect, it } from '@jest/globals';
import { classifyError } from './classify.js';
import {
  PermanentError,
  PositionMovedError,
  PublishFailedError,
  QueueFullError,
  RecordTooLargeError,
} from './errors.js';

describe('classifyError', () => {
  it.each([
    [new PermanentError('EVENT_INVALID', 'x'), 'permanent'],
    [new RecordTooLargeError({ topic: 't', valueBytes: 1 }, 2, 1), 'permanent'],
    [new PublishFailedError('x'), 'transient'],
    [new QueueFullError('x'), 'transient'],
    [new PositionMovedError('x'), 'moved'],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'transient'],
    [Object.assign(new Error('look-up'), { code: 'EAI_AGAIN' }), 'transient'],
    [Object.assign(new Error('disk'), { code: 'ENOSPC' }), 'transient'],
    [new TypeError('a fault of ours'), 'unexplained'],
    [new RangeError('a fault of ours'), 'unexplained'],
    [Object.assign(new Error('bad call'), { code: 'ERR_INVALID_ARG_TYPE' }), 'unexplained'],
    ['not even an error', 'unexplained'],
  ])('%s is %s', (error, kind) => {
    expect(classifyError(error)).toBe(kind);
  });
});
