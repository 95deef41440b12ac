import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeProvider } from '../../../../test/providers/describe-provider.js';
import { huawei } from './provider.js';

describeProvider(huawei, join(import.meta.dirname, 'fixtures'));

describe('huawei', () => {
  it('is answered with the bytes of its page: huawei-batch-status-report, "Response Example"', () => {
    expect(huawei.answer).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '{"returnCode":0,"returnCodeDesc":"Success"}',
    });
    expect(Buffer.byteLength(huawei.answer.body)).toBe(43);
  });

  it('gives no second chance', () => {
    expect(huawei.pushesOnce).toBe(true);
  });
});
