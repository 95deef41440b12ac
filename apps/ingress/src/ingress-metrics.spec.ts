import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { IngressMetrics } from './ingress-metrics.js';
import { queueDoor, sourceWith } from './source-for-tests.js';

const START = Date.UTC(2026, 0, 1);
const SECONDS = START / 1_000;

beforeEach(() => {
  jest.useFakeTimers({ now: START });
});

afterEach(() => {
  jest.useRealTimers();
});

/** A source that is pushed to; for how long it may be silent, ms. */
const pushed = (id: string, expectWithin: number | null) => ({ ...sourceWith(id, {}), expectWithin });

async function values(registry: Registry, name: string): Promise<Readonly<Record<string, number>>> {
  const found = (await registry.metrics()).matchAll(new RegExp(`^quittance_${name}\\{source="(.+)"\\} (\\S+)$`, 'gm'));
  return Object.fromEntries([...found].map(([, source, value]) => [source!, Number(value)]));
}

it('a source is waited for from the start on, and then from its last receipt on', async () => {
  const registry = new Registry();
  const metrics = new IngressMetrics(registry);
  metrics.expectFrom([pushed('a', 60_000), pushed('b', null)]);
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
  metrics.expectFrom([pushed('stays', 60_000), pushed('goes', 60_000)]);
  jest.setSystemTime(START + 9_000);
  metrics.expectFrom([pushed('stays', 120_000), pushed('comes', 60_000)]);
  expect(await values(registry, 'receipt_awaited_since_timestamp_seconds')).toEqual({
    stays: SECONDS,
    comes: SECONDS + 9,
  });
  expect(await values(registry, 'receipt_expected_within_seconds')).toEqual({ stays: 120, comes: 60 });
});

it('a source that comes back is waited for from then on, not since what it brought before it went', async () => {
  const registry = new Registry();
  const metrics = new IngressMetrics(registry);
  const source = pushed('back', 60_000);
  metrics.expectFrom([source]);
  metrics.accepted('back', 10, 1);
  metrics.expectFrom([]);
  jest.setSystemTime(START + 900_000);
  metrics.expectFrom([source]);
  expect(await values(registry, 'last_receipt_timestamp_seconds')).toEqual({});
  expect(await values(registry, 'receipt_awaited_since_timestamp_seconds')).toEqual({ back: SECONDS + 900 });
});

it('a source whose only door is a paused queue is not waited for, and from when it goes on, it is anew', async () => {
  const registry = new Registry();
  const metrics = new IngressMetrics(registry);
  const fetched = (paused: boolean) => ({ ...pushed('a', 60_000), http: null, mns: queueDoor('q', { paused }) });
  metrics.expectFrom([fetched(false)]);
  metrics.stored('a', 10);
  metrics.expectFrom([fetched(true), { ...pushed('b', 60_000), mns: queueDoor('q', { paused: true }) }]);
  // The other door of b is open.
  expect(await values(registry, 'receipt_expected_within_seconds')).toEqual({ b: 60 });
  jest.setSystemTime(START + 900_000);
  metrics.expectFrom([fetched(false)]);
  expect(await values(registry, 'receipt_expected_within_seconds')).toEqual({ a: 60 });
  expect(await values(registry, 'last_receipt_timestamp_seconds')).toEqual({});
  expect(await values(registry, 'receipt_awaited_since_timestamp_seconds')).toEqual({ a: SECONDS + 900 });
});

it('what is turned away is there before the first, so that the first burst is an increase', async () => {
  const registry = new Registry();
  const metrics = new IngressMetrics(registry);
  metrics.expectFrom([pushed('a', null)]);
  const turnedAway = async () => await registry.getSingleMetricAsString('quittance_receipts_refused_total');
  expect(await turnedAway()).toContain('{source="a",reason="spool-full"} 0');
  metrics.refused('a', 'spool-full');
  metrics.expectFrom([pushed('a', null)]);
  expect(await turnedAway()).toContain('{source="a",reason="spool-full"} 1');
});
