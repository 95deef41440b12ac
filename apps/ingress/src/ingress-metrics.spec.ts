import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { IngressMetrics } from './ingress-metrics.js';

const START = Date.UTC(2026, 0, 1);
const SECONDS = START / 1_000;

beforeEach(() => {
  jest.useFakeTimers({ now: START });
});

afterEach(() => {
  jest.useRealTimers();
});

async function values(registry: Registry, name: string): Promise<Readonly<Record<string, number>>> {
  const found = (await registry.metrics()).matchAll(new RegExp(`^quittance_${name}\\{source="(.+)"\\} (\\S+)$`, 'gm'));
  return Object.fromEntries([...found].map(([, source, value]) => [source!, Number(value)]));
}

it('a source is waited for from the start on, and then from its last receipt on', async () => {
  const registry = new Registry();
  const metrics = new IngressMetrics(registry);
  metrics.expectFrom([
    { id: 'a', expectWithin: 60_000 },
    { id: 'b', expectWithin: null },
  ]);
  jest.setSystemTime(START + 5_000);
  metrics.accepted('a', 10, 1);
  expect(await values(registry, 'last_receipt_timestamp_seconds')).toEqual({ a: SECONDS + 5 });
  expect(await values(registry, 'receipt_awaited_since_timestamp_seconds')).toEqual({ a: SECONDS, b: SECONDS });
  expect(await values(registry, 'receipt_expected_within_seconds')).toEqual({ a: 60 });
  // There before the first receipt, so that the first is an increase.
  expect(await values(registry, 'receipts_accepted_total')).toEqual({ a: 1, b: 0 });
});

it('sources that are configured anew: who stays has waited all along, who is gone is not waited for', async () => {
  const registry = new Registry();
  const metrics = new IngressMetrics(registry);
  metrics.expectFrom([
    { id: 'stays', expectWithin: 60_000 },
    { id: 'goes', expectWithin: 60_000 },
  ]);
  jest.setSystemTime(START + 9_000);
  metrics.expectFrom([
    { id: 'stays', expectWithin: 120_000 },
    { id: 'comes', expectWithin: 60_000 },
  ]);
  expect(await values(registry, 'receipt_awaited_since_timestamp_seconds')).toEqual({
    stays: SECONDS,
    comes: SECONDS + 9,
  });
  expect(await values(registry, 'receipt_expected_within_seconds')).toEqual({ stays: 120, comes: 60 });
});

it('a source that comes back is waited for from then on, not since what it brought before it went', async () => {
  const registry = new Registry();
  const metrics = new IngressMetrics(registry);
  const source = { id: 'back', expectWithin: 60_000 };
  metrics.expectFrom([source]);
  metrics.accepted('back', 10, 1);
  metrics.expectFrom([]);
  jest.setSystemTime(START + 900_000);
  metrics.expectFrom([source]);
  expect(await values(registry, 'last_receipt_timestamp_seconds')).toEqual({});
  expect(await values(registry, 'receipt_awaited_since_timestamp_seconds')).toEqual({ back: SECONDS + 900 });
});

it('what is turned away is there before the first, so that the first burst is an increase', async () => {
  const registry = new Registry();
  const metrics = new IngressMetrics(registry);
  metrics.expectFrom([{ id: 'a', expectWithin: null }]);
  const turnedAway = async () => await registry.getSingleMetricAsString('quittance_receipts_refused_total');
  expect(await turnedAway()).toContain('{source="a",reason="spool-full"} 0');
  metrics.refused('a', 'spool-full');
  metrics.expectFrom([{ id: 'a', expectWithin: null }]);
  expect(await turnedAway()).toContain('{source="a",reason="spool-full"} 1');
});
