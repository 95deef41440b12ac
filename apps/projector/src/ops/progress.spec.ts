import { describe, expect, it } from '@jest/globals';
import { duration, fractionOfKeys, Progress } from './progress.js';

function shownOn(isTTY: boolean, fractions: readonly number[]): string[] {
  const written: string[] = [];
  let now = 0;
  const stream = { isTTY, write: (text: string) => written.push(text) };
  const progress = new Progress('replaying', 'events', stream, () => now);
  for (const fraction of fractions) {
    now += 500;
    progress.report(1000 * fraction, fraction);
  }
  progress.end();
  return written;
}

describe('progress', () => {
  it('is a plain line a second where nobody looks at a terminal', () => {
    expect(shownOn(false, [0.25, 0.5, 0.75, 1])).toEqual([
      'replaying 50 %, 500 events, 500/s, 1 s left\n',
      'replaying 100 %, 1000 events, 500/s, 0 s left\n',
      'replaying 100 %, 1000 events, 500/s, 0 s left\n',
    ]);
  });

  it('is a bar that is drawn anew on a terminal', () => {
    const shown = shownOn(true, [0.25, 0.5]);
    expect(shown).toHaveLength(4);
    expect(shown[0]).toBe('\r\u001b[2Kreplaying [######..................] 25 %, 250 events, 500/s, 2 s left');
    expect(shown.at(-1)).toBe('\n');
  });

  it.each([
    [false, 'something beside\n'],
    [true, '\r\u001b[2Ksomething beside\n'],
  ])('has room for a line beside it (terminal: %s)', (isTTY, line) => {
    const written: string[] = [];
    new Progress('replaying', 'events', { isTTY, write: (text) => written.push(text) }).say('something beside');
    expect(written).toEqual([line]);
  });

  it('says nothing about nothing', () => {
    expect(shownOn(false, [])).toEqual([]);
  });

  it.each([
    [0, '0 s'],
    [59.2, '1 min 0 s'],
    [303, '5 min 3 s'],
    [3_900, '1 h 5 min'],
  ])('%d s are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('knows from a key how much of a table is behind it', () => {
    expect(fractionOfKeys('80000000-0000-5000-8000-000000000000')).toBe(0.5);
  });
});
