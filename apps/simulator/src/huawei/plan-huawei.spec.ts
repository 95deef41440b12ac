import { describe, expect, it } from '@jest/globals';
import { elementsOf, pushesOf } from '../plan/elements-for-tests.js';
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

  it('has a report for every segment, and no two of a message that disagree', () => {
    const ofMessage = new Map<unknown, { total: unknown; sequences: Set<unknown>; statuses: Set<unknown> }>();
    for (const { smsMsgId: id, total, sequence, status } of reports) {
      const seen = ofMessage.get(id) ?? { total, sequences: new Set(), statuses: new Set() };
      seen.sequences.add(sequence);
      if (status !== 'ACCEPTD') seen.statuses.add(status);
      ofMessage.set(id, seen);
    }
    const messages = [...ofMessage.values()];
    expect(messages.some(({ total }) => total === '4')).toBe(true);
    for (const { total, sequences, statuses } of messages) {
      expect(String(sequences.size)).toBe(total);
      expect(statuses.size).toBe(1);
    }
  });

  it('announces some as accepted before they are delivered', () => {
    const accepted = reports.filter(({ status }) => status === 'ACCEPTD').map(({ smsMsgId: id }) => id);
    expect(accepted.length).toBeGreaterThan(0);
    for (const id of accepted) {
      expect(reports.filter((report) => report.smsMsgId === id).map(({ status }) => status)).toEqual([
        'ACCEPTD',
        'DELIVRD',
      ]);
    }
  });

  it('encodes forms so that separators and plus signs survive', () => {
    expect(writeForm({ extend: 'order=42&x', to: '+8613800000000' })).toBe('extend=order%3D42%26x&to=%2B8613800000000');
    for (const { body } of pushesOf(plan, 'huawei-uplink')) expect(body).toMatch(/^from=%2B86138\d{8}&to=\d+&body=/);
  });
});
