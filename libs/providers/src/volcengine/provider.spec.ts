import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeProvider } from '../../../../test/providers/describe-provider.js';
import { dataFrom } from '../../../../test/providers/read.js';
import { volcengine } from './provider.js';
import { CODE_MEANINGS } from './status-map.js';
import { statusReport } from './status-report.js';

describeProvider(volcengine, join(import.meta.dirname, 'fixtures'));

describe('volcengine', () => {
  it('is answered with 200; nobody reads the body', () => {
    expect(volcengine.answer).toEqual({ status: 200, contentType: 'application/json', body: '{}' });
  });

  it.each([...CODE_MEANINGS])('uses the row of %s', (status_code, { status, reason, retry, reportedBy }) => {
    expect(dataFrom(statusReport, { message_id: 'm', mobile: '1', status_code })).toMatchObject({
      status,
      reason,
      retry,
      reportedBy,
      providerCode: status_code,
    });
  });
});
