import { describe, expect, it } from '@jest/globals';
import { SPOOL_SILENCE, type SpoolReport } from '#contracts';
import type { IncomingRecord } from '#kafka';
import { Spools } from './spools.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HOUR = 3_600_000;

/** @param toldAt by the clock of the ingress, Unix ms */
function told(name: string, behindMs: number | null, toldAt = NOW): IncomingRecord {
  const report: SpoolReport = { toldAt: new Date(toldAt).toISOString(), behindMs, receipts: 0 };
  return record(name, JSON.stringify(report), toldAt);
}

function record(name: string, value: string | null, timestamp = NOW): IncomingRecord {
  const [key, bytes] = [Buffer.from(name), value === null ? null : Buffer.from(value)];
  return { topic: 'spools', partition: 0, offset: '0', timestamp, key, value: bytes, headers: {} };
}

describe('Spools', () => {
  let unread = 0;
  const spoolsThatTell = (...reports: IncomingRecord[][]): Spools => {
    unread = 0;
    return new Spools(
      () => Promise.resolve(reports.shift() ?? []),
      () => (unread += 1),
    );
  };
  const at = (time: number) => () => time;

  it('nobody has a spool: everything is clear', async () => {
    expect(await spoolsThatTell().clearUpTo(at(NOW))).toBe(Infinity);
  });

  it('the one that is behind counts, by its last word', async () => {
    const spools = spoolsThatTell([told('a', 50), told('b', 10), told('a', 20)], [told('a', 0)]);
    expect(await spools.clearUpTo(at(NOW))).toBe(NOW - 20);
    expect(await spools.clearUpTo(at(NOW))).toBe(NOW - 10);
  });

  it('one that is gone does not count', async () => {
    const spools = spoolsThatTell([told('a', 50)], [told('a', null)]);
    expect(await spools.clearUpTo(at(NOW))).toBe(NOW - 50);
    expect(await spools.clearUpTo(at(NOW))).toBe(Infinity);
  });

  it('one that is silent holds everything where it was, for a day', async () => {
    const spools = spoolsThatTell([told('a', 50)]);
    expect(await spools.clearUpTo(at(NOW))).toBe(NOW - 50);
    expect(await spools.clearUpTo(at(NOW + SPOOL_SILENCE))).toBe(NOW - 50);
    expect(await spools.clearUpTo(at(NOW + SPOOL_SILENCE + 1))).toBe(Infinity);
  });

  it('one whose clock is ahead holds everything from when it cannot have told yet', async () => {
    const spools = spoolsThatTell([], [told('a', 50, NOW + 8 * HOUR)], []);
    expect(await spools.clearUpTo(at(NOW - 1_000))).toBe(Infinity);
    expect(await spools.clearUpTo(at(NOW))).toBe(NOW - 1_050);
    expect(await spools.clearUpTo(at(NOW + HOUR))).toBe(NOW - 1_050);
    // Since when it is silent is known by our own clock.
    expect(await spools.clearUpTo(at(NOW + SPOOL_SILENCE + 1))).toBe(Infinity);
  });

  it('one whose clock is ahead, met at the first look: nothing is known to be clear until it tells again', async () => {
    const spools = spoolsThatTell([told('a', 0, NOW + HOUR)], [told('a', 0, NOW + HOUR + 5)]);
    expect(await spools.clearUpTo(at(NOW))).toBe(-Infinity);
    expect(await spools.clearUpTo(at(NOW + 15))).toBe(NOW);
  });

  it('one whose clock is days behind is not taken for lost', async () => {
    const past = NOW - 2 * SPOOL_SILENCE;
    const spools = spoolsThatTell([], [told('a', 50, past)]);
    await spools.clearUpTo(at(NOW - 10));
    expect(await spools.clearUpTo(at(NOW))).toBe(past - 50);
  });

  it.each([
    null,
    '',
    'no JSON',
    'null',
    '{}',
    '{"toldAt":"once","behindMs":1,"receipts":0}',
    '{"toldAt":"2026-11-21T12:00:00Z","behindMs":"1","receipts":0}',
    '{"clearUpTo":"2026-11-21T12:00:00Z","receipts":0}',
  ])('what is no report is passed over and counted: %s', async (value) => {
    const spools = spoolsThatTell([told('a', 50), record('a', value), told('b', 20)]);
    expect(await spools.clearUpTo(at(NOW))).toBe(NOW - 50);
    expect(unread).toBe(1);
  });
});
