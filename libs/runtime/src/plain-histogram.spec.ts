import { expect, it } from '@jest/globals';
import { Histogram, Registry } from 'prom-client';
import { PlainHistogram } from './plain-histogram.js';

it('says what the histogram of the client says about the same values', async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const settings = { name: 'a_seconds', help: 'A', buckets: [0.25, 1, 2.5] };
  const plain = new PlainHistogram({ ...settings, registry: ours });
  const original = new Histogram({ ...settings, registers: [theirs] });
  expect(await ours.metrics()).toBe(await theirs.metrics());
  // Below, on, between and above the bounds.
  for (const value of [0, 0.1, 0.25, 0.5, 1, 1, 2.5, 2.6, 1e9]) {
    plain.observe(value);
    original.observe(value);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
  expect(await ours.metrics()).toContain('a_seconds_bucket{le="+Inf"} 9');
});
