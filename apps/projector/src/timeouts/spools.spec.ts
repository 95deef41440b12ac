import { describe, expect, it } from '@jest/globals';
import { SPOOL_SILENCE, type SpoolReport } from '#contracts';
import type { IncomingRecord } from '#kafka';
import { Spools } from './spools.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');

function told(name: string, clearUpTo: number | null, at = NOW): IncomingRecord {
  const report: SpoolReport = { clearUpTo: clearUpTo === null ? null : new Date(clearUpTo).toISOString(), receipts: 0 };
  const [key, value] = [Buffer.from(name), Buffer.from(JSON.stringify(report))];
  return { topic: 'spools', partition: 0, offset: '0', timestamp: at, key, value, headers: {} };
}

describe('Spools', () => {
  const spoolsThatTell = (...reports: IncomingRecord[][]): Spools =>
    new Spools(() => Promise.resolve(reports.shift() ?? []));

  it('nobody has a spool: everything is clear', async () => {
    expect(await spoolsThatTell().clearUpTo(NOW)).toBe(Infinity);
  });

  it('the one that is behind counts, by its last word', async () => {
    const spools = spoolsThatTell([told('a', NOW - 50), told('b', NOW - 10), told('a', NOW - 20)], [told('a', NOW)]);
    expect(await spools.clearUpTo(NOW)).toBe(NOW - 20);
    expect(await spools.clearUpTo(NOW)).toBe(NOW - 10);
  });

  it('one that is gone does not count', async () => {
    const spools = spoolsThatTell([told('a', NOW - 50)], [told('a', null)]);
    expect(await spools.clearUpTo(NOW)).toBe(NOW - 50);
    expect(await spools.clearUpTo(NOW)).toBe(Infinity);
  });

  it('one that is silent holds everything where it was, for a day', async () => {
    const spools = spoolsThatTell([told('a', NOW - 50)]);
    expect(await spools.clearUpTo(NOW + SPOOL_SILENCE)).toBe(NOW - 50);
    expect(await spools.clearUpTo(NOW + SPOOL_SILENCE + 1)).toBe(Infinity);
  });
});
