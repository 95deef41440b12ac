import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeProvider } from '../../../../test/providers/describe-provider.js';
import { dataFrom } from '../../../../test/providers/read.js';
import { tencent } from './provider.js';
import { smsStatus } from './sms-status.js';
import { CODE_MEANINGS } from './status-map.js';

describeProvider(tencent, join(import.meta.dirname, 'fixtures'));

describe('tencent', () => {
  it('is answered with the bytes of its page: tencent-sms-status-callback, "Sample response"', () => {
    expect(tencent.answer).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '{"result":0,"errmsg":"OK"}',
    });
  });

  it.each([...CODE_MEANINGS])('uses the row of %s', (errmsg, { status, reason, retry }) => {
    const report_status = status === 'delivered' ? undefined : 'FAIL';
    expect(dataFrom(smsStatus, { sid: 's', mobile: '1', report_status, errmsg })).toMatchObject({
      status,
      reason,
      retry,
    });
  });
});
