import { describe, expect, it } from '@jest/globals';
import type { Said } from './message-truth.js';
import { messageTruth } from './message-truth.js';
import { seededRandom, shuffled } from './random.js';

const ABOUT = { provider: 'huawei', channel: 'sms', messageId: 'm-1', sender: null } as const;
const NOTHING: Said = {
  status: 'pending',
  reason: null,
  code: null,
  at: null,
  sentAt: null,
  recipient: null,
  reference: null,
  segment: null,
};

function said(status: Said['status'], code: string, at: number | null, segment?: string): Said {
  const [number, total] = (segment ?? '').split('/').map(Number);
  return { ...NOTHING, status, code, at, segment: segment === undefined ? null : { number: number!, total: total! } };
}

describe('messageTruth', () => {
  it.each<[string, Said[], object]>([
    ['a delivery', [said('delivered', 'D', 5)], { status: 'delivered', final: true, code: 'D', conflict: false }],
    ['what is under way', [said('sent', 'S', 5)], { status: 'sent', final: false }],
    [
      'a delivery before a failure',
      [said('delivered', 'D', 1), said('failed', 'F', 9)],
      { status: 'delivered', code: 'D', conflict: true, occurredAt: '1970-01-01T00:00:00.001Z' },
    ],
    [
      'a failure before it was read',
      [said('failed', 'F', 1), said('read', 'R', 9)],
      { status: 'read', code: 'R', conflict: true },
    ],
    [
      'two failures, of which the later one counts',
      [said('expired', 'E', 9), said('failed', 'F', 1)],
      { status: 'expired', code: 'E', conflict: false },
    ],
    [
      'two failures, of which one says no time, and so came last',
      [said('expired', 'E', null), said('failed', 'F', 1)],
      { status: 'expired', code: 'E', occurredAt: null },
    ],
    [
      'segments that all arrived, the last of them when it did',
      [said('delivered', 'D', 9, '2/2'), said('delivered', 'D', 1, '1/2')],
      { status: 'delivered', occurredAt: '1970-01-01T00:00:00.009Z' },
    ],
    [
      'a segment that failed',
      [said('delivered', 'D', 9, '1/3'), said('failed', 'F', 1, '2/3'), said('delivered', 'D', 9, '3/3')],
      { status: 'failed', code: 'F', conflict: false },
    ],
    [
      'a segment that nobody speaks of',
      [said('delivered', 'D', 9, '1/2')],
      { status: 'pending', final: false, code: null },
    ],
    [
      'a segment that nobody speaks of beside one that failed',
      [said('deleted', 'X', 9, '1/2')],
      { status: 'deleted', final: true, code: 'X' },
    ],
    [
      'a segment that arrived and is said to be lost',
      [said('delivered', 'D', 9, '1/2'), said('failed', 'F', 9, '1/2'), said('delivered', 'D', 9, '2/2')],
      { status: 'delivered', conflict: true },
    ],
    [
      'segments of which one arrived and another one failed: no contradiction',
      [said('delivered', 'D', 9, '1/2'), said('failed', 'F', 9, '2/2')],
      { status: 'failed', conflict: false },
    ],
  ])('of %s', (_what, reports, truth) => {
    for (let seed = 0; seed < 5; seed += 1) {
      expect(messageTruth(ABOUT, shuffled(seededRandom(seed), reports))).toMatchObject(truth);
    }
  });

  it('takes what only one report says', () => {
    const reports = [
      { ...said('sent', 'S', 1), sentAt: 1, reference: 'ord-1' },
      { ...said('delivered', 'D', 2), recipient: '+8613800000000' },
    ];
    expect(messageTruth(ABOUT, reports)).toMatchObject({
      sentAt: '1970-01-01T00:00:00.001Z',
      reference: 'ord-1',
      recipient: '+8613800000000',
    });
  });
});
