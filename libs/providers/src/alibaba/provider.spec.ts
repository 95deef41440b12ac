import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeProvider } from '../../../../test/providers/describe-provider.js';
import { alibaba } from './provider.js';

describeProvider(alibaba, join(import.meta.dirname, 'fixtures'), ['ChatAppAudit', 'MnsCardTemplate']);

describe('alibaba', () => {
  it('is answered with the bytes that its pages ask for', () => {
    expect(alibaba.answer).toEqual({ status: 200, contentType: 'application/json', body: '{"code":0,"msg":"ok"}' });
  });
});
