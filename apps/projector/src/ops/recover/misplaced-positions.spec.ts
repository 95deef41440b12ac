import { describe, expect, it } from '@jest/globals';
import { misplacedPositions, type StoredPosition } from './misplaced-positions.js';

const NOW = { clusterId: 'cluster', topicId: 'topic' };
const OFFSETS = new Map([[0, { low: 10n, high: 20n }]]);

function found(changes: Partial<StoredPosition>) {
  const position = { partition: 0, next: 15n, ...NOW, ...changes };
  return misplacedPositions([position], NOW, OFFSETS).map(({ why, gone }) => [why, gone]);
}

describe('a stored position', () => {
  it('is right from the first record that is there to the end', () => {
    expect([found({ next: 10n }), found({}), found({ next: 20n })]).toEqual([[], [], []]);
  });

  it('is of another cluster or topic, wherever it lies', () => {
    expect(found({ clusterId: 'other', topicId: 'other' })).toEqual([['another-cluster', 0n]]);
    expect(found({ topicId: 'other' })).toEqual([['made-anew', 0n]]);
  });

  it('without ids, as an older version wrote it, is taken for one of the present topic', () => {
    expect(found({ clusterId: null, topicId: null })).toEqual([]);
  });

  it('lies outside the topic, and what was removed before it was projected is counted', () => {
    expect(found({ next: 7n })).toEqual([['records-gone', 3n]]);
    expect(found({ next: 21n })).toEqual([['beyond-the-end', 0n]]);
    expect(found({ partition: 1 })).toEqual([['no-partition', 0n]]);
  });
});
