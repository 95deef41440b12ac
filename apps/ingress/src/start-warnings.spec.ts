import { describe, expect, it } from '@jest/globals';
import { PROVIDERS } from '#providers';
import type { Source } from '#runtime';
import { queueDoor, sourceWith } from './source-for-tests.js';
import { startWarnings } from './start-warnings.js';

const push = {
  keys: [{ accessKey: 'a', secretKey: 'b' }],
  mode: 'log-only',
  maxSkew: null,
  signedHeaders: new Map<string, string>(),
} as const;

const huawei = (http: Partial<NonNullable<Source['http']>>): Source => ({
  ...sourceWith('hw', http),
  provider: 'huawei',
});

const warningsOf = (source: Source, hasSpool = true): readonly string[] =>
  startWarnings([source], PROVIDERS, hasSpool).map(({ warning }) => warning);

describe('startWarnings', () => {
  it('warns of a provider that never pushes again, unless there is a spool', () => {
    const source = huawei({ tokens: ['t'] });
    expect(warningsOf(source, false)).toEqual([expect.stringContaining('never pushes again')]);
    expect(warningsOf(source, true)).toEqual([]);
    expect(warningsOf(sourceWith('ali', { tokens: ['t'] }), false)).toEqual([]);
    expect(warningsOf({ ...source, http: null }, false)).toEqual([]);
  });

  it('warns of two doors for receipts that nothing tells apart', () => {
    const audit = { ...sourceWith('ali', { tokens: ['t'] }), receipt: 'ChatAppAudit', mns: queueDoor('q') };
    expect(warningsOf(audit)).toEqual([expect.stringContaining('counts twice')]);
    expect(warningsOf({ ...audit, http: null })).toEqual([]);
    expect(warningsOf({ ...audit, mns: null })).toEqual([]);
    expect(warningsOf({ ...audit, receipt: 'SmsReport' })).toEqual([]);
  });

  it('warns of a door that logs who comes in and asks nobody', () => {
    expect(warningsOf(huawei({ push }))).toEqual([expect.stringContaining('lets anybody in')]);
    expect(warningsOf(huawei({ push, tokens: ['t'] }))).toEqual([]);
    expect(warningsOf(huawei({ push: { ...push, mode: 'enforce' } }))).toEqual([]);
  });
});
