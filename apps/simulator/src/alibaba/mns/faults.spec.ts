import { describe, expect, it } from '@jest/globals';
import { Faults, NO_FAULTS } from './faults.js';

describe('faults', () => {
  it('do not strike until they are set, and always with a share of 1', () => {
    const faults = new Faults();
    expect(faults.strikes('errorShare')).toBe(false);
    faults.set({ errorShare: 1 });
    expect(faults.strikes('errorShare')).toBe(true);
    expect(faults.strikes('dropShare')).toBe(false);
    expect(faults.counts).toEqual({ errorShare: 1 });
  });

  it('strike as often as their share says, and repeat themselves with the seed', () => {
    const faults = new Faults();
    const draw = (): boolean[] => Array.from({ length: 2000 }, () => faults.strikes('throttleShare'));
    faults.set({ throttleShare: 0.3 }, 5);
    const first = draw();
    const often = first.filter(Boolean).length;
    expect(often).toBeGreaterThan(500);
    expect(often).toBeLessThan(700);
    faults.set({}, 5);
    expect(draw()).toEqual(first);
    expect(faults.counts).toEqual({ throttleShare: 2 * often });
  });

  it('stay until they are cleared', () => {
    const faults = new Faults();
    faults.set({ slowMs: 5 });
    faults.set({ errorShare: 0.5 });
    expect(faults.settings).toEqual({ ...NO_FAULTS, slowMs: 5, errorShare: 0.5 });
    faults.count('slowMs');
    faults.clear();
    expect(faults.settings).toEqual(NO_FAULTS);
    expect(faults.counts).toEqual({});
  });
});
