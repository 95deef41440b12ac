import TestSequencer from '@jest/test-sequencer';

/**
 * Suites that take longest by far, the longest first. Where Jest does not know how long they took (a fresh clone), it goes
 * by the size of files, and a long one that is started last is waited for alone.
 */
const LONGEST = [
  'test/faults/',
  'test/subscribing/',
  'test/submissions/timeouts',
  'test/ledger/',
  'test/operations/',
  'test/queue/',
  'test/projecting/',
];

/** System tests before unit tests, and among them those that take longest first. */
export default class LongestFirstSequencer extends TestSequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ path }) {
  const at = LONGEST.findIndex((folder) => path.includes(folder));
  if (!path.endsWith('.e2e-spec.ts')) return LONGEST.length + 1;
  return at === -1 ? LONGEST.length : at;
}
