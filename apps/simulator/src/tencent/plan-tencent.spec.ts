import { describe, expect, it } from '@jest/globals';
import { elementsOf } from '../plan/elements-for-tests.js';
import { planRun } from '../plan/plan-run.js';

const plan = planRun({ messages: 3_000, seed: 5, startedAt: 1_795_000_000_000 });

describe('what Tencent Cloud pushes', () => {
  it('has statuses of the documented types, with codes in errmsg', () => {
    const reports = elementsOf(plan, 'tencent-status');
    for (const report of reports) {
      expect(report).toMatchObject({
        user_receive_time: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        nationcode: expect.stringMatching(/^\d{1,2}$/),
        mobile: expect.stringMatching(/^\d{10,11}$/),
        report_status: report.errmsg === 'DELIVRD' ? 'SUCCESS' : 'FAIL',
      });
    }
    expect(new Set(reports.map(({ ext }) => typeof ext))).toEqual(new Set(['undefined', 'string', 'object']));
    expect(reports.some(({ sub_error: detail }) => detail === 'X1')).toBe(true);
  });

  it('has replies without an id', () => {
    for (const reply of elementsOf(plan, 'tencent-reply')) {
      expect(Object.keys(reply)).toEqual(['extend', 'mobile', 'nationcode', 'sign', 'text', 'time']);
      expect(reply.time).toEqual(expect.any(Number));
    }
  });
});
