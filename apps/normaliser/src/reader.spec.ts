import { describe, expect, it } from '@jest/globals';
import type { Configuration } from '#runtime';
import { readerOf } from './reader.js';

const SOURCE = {
  id: 'a',
  provider: 'alibaba',
  account: 'main',
  receipt: 'SmsReport',
  channel: null,
  labels: {},
  timeZone: 'Asia/Shanghai',
  senders: new Map(),
  sendStatusOne: null,
  expectWithin: null,
  http: null,
  mns: null,
} as const;

const CONFIGURATION: Configuration = {
  installation: 'quittance',
  identityNamespace: '00000000-0000-4000-8000-000000000000',
  trustedProxies: [],
  accounts: new Map([
    ['main', { provider: 'alibaba', labels: {}, senders: new Map(), channels: [], expectReportWithin: 1 }],
  ]),
  sources: new Map([
    ['a', SOURCE],
    ['b', { ...SOURCE, id: 'b' }],
  ]),
};

describe('the name of a reader', () => {
  const name = readerOf('1.0.0', CONFIGURATION);

  it('is another for another version, and for whatever decides what becomes of a receipt', () => {
    const senders = new Map([['8613', { channel: 'whatsapp', labels: {} }]] as const);
    const others: Configuration[] = [
      { ...CONFIGURATION, installation: 'other' },
      { ...CONFIGURATION, accounts: new Map() },
      { ...CONFIGURATION, sources: new Map([['a', SOURCE]]) },
      { ...CONFIGURATION, sources: new Map([...CONFIGURATION.sources, ['a', { ...SOURCE, timeZone: 'UTC' }]]) },
      { ...CONFIGURATION, sources: new Map([...CONFIGURATION.sources, ['a', { ...SOURCE, senders }]]) },
    ];
    const names = [name, readerOf('1.0.1', CONFIGURATION), ...others.map((other) => readerOf('1.0.0', other))];
    expect(new Set(names).size).toBe(names.length);
  });

  it('is the same for other doors, secrets and alerts, and in whatever order sources stand', () => {
    const http = { tokens: ['x'], allowFrom: [], push: null, deadline: 1, unauthenticated: false };
    const sources = new Map(
      [...CONFIGURATION.sources].reverse().map(([id, source]) => [id, { ...source, http, expectWithin: 1 }]),
    );
    expect(readerOf('1.0.0', { ...CONFIGURATION, identityNamespace: 'x', trustedProxies: ['::1'], sources })).toBe(
      name,
    );
    expect(name).toMatch(/^1\.0\.0\/[0-9a-f]{12}$/);
  });
});
