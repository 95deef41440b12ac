import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeProvider } from '../../../../test/providers/describe-provider.js';
import { dataFrom } from '../../../../test/providers/read.js';
import { huawei } from './provider.js';
import { CODE_MEANINGS, REPORTERS } from './status-map.js';
import { statusReport } from './status-report.js';

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

  it.each([...CODE_MEANINGS])('uses the row of %s', (code, { status, reason, retry, reportedBy }) => {
    expect(dataFrom(statusReport, { smsMsgId: '1', status: code })).toMatchObject({
      status,
      reason,
      retry,
      reportedBy,
      providerCode: code,
    });
  });

  it.each([...REPORTERS])('uses the row of source %s', (source, reportedBy) => {
    expect(dataFrom(statusReport, { smsMsgId: '1', status: 'UNDELIV', source })).toMatchObject({ reportedBy });
  });
});
