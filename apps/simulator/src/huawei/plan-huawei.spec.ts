import { describe, expect, it } from '@jest/globals';
import { elementsOf, receiptsOf, TIDY } from '../plan/elements-for-tests.js';
import { planRun } from '../plan/plan-run.js';
import { writeForm } from './status-reports.js';

const plan = planRun({ messages: 3_000, seed: 5, startedAt: 1_795_000_000_000 });
const reports = [...elementsOf(plan, 'huawei-status'), ...elementsOf(plan, 'huawei-status-single')];

describe('what Huawei Cloud pushes', () => {
  it('is all text, with the number only where there is an extend', () => {
    for (const report of reports) {
      expect(Object.values(report).every((value) => typeof value === 'string')).toBe(true);
      expect(report.smsMsgId).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}_\d+$/);
      expect('to' in report).toBe('extend' in report);
      expect('updateTime' in report).toBe(report.source !== '1');
    }
  });

  it('has a report for every segment but a few, and segments that fare differently', () => {
    const ofMessage = new Map<unknown, { total: unknown; sequences: Set<unknown>; statuses: Set<unknown> }>();
    for (const { smsMsgId: id, total, sequence, status } of reports) {
      const seen = ofMessage.get(id) ?? { total, sequences: new Set(), statuses: new Set() };
      seen.sequences.add(sequence);
      if (status !== 'ACCEPTD') seen.statuses.add(status);
      ofMessage.set(id, seen);
    }
    const messages = [...ofMessage.values()];
    expect(messages.some(({ total }) => total === '4')).toBe(true);
    const missing = messages.map(({ total, sequences }) => Number(total) - sequences.size);
    expect(new Set(missing)).toEqual(new Set([0, 1]));
    expect(messages.some(({ total, statuses }) => total !== '1' && statuses.size > 1)).toBe(true);
  });

  it('announces some as accepted before they are delivered', () => {
    const tidy = planRun({ messages: 3_000, seed: 5, startedAt: 1_795_000_000_000, shape: TIDY });
    const inOrder = [...elementsOf(tidy, 'huawei-status'), ...elementsOf(tidy, 'huawei-status-single')];
    const accepted = inOrder.filter(({ status }) => status === 'ACCEPTD');
    expect(accepted.length).toBeGreaterThan(0);
    for (const { smsMsgId: id, sequence } of accepted) {
      const said = inOrder.filter((report) => report.smsMsgId === id && report.sequence === sequence);
      expect(said.map(({ status }) => status === 'ACCEPTD')).toEqual([true, false]);
    }
  });

  it('encodes forms so that separators and plus signs survive', () => {
    expect(writeForm({ extend: 'order=42&x', to: '+8613800000000' })).toBe('extend=order%3D42%26x&to=%2B8613800000000');
    for (const { body } of receiptsOf(plan, 'huawei-uplink')) expect(body).toMatch(/^from=%2B86138\d{8}&to=\d+&body=/);
  });
});
