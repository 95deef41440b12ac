import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { NormaliserMetrics } from './normaliser-metrics.js';
import { Tally } from './tally.js';

it('has events to compare dead letters with, also where not one receipt could be read', async () => {
  const registry = new Registry();
  const metrics = new NormaliserMetrics(registry);
  const tally = new Tally();
  tally.deadLetters.push({
    code: 'RECEIPT_TYPE_MISMATCH',
    detail: 'object',
    element: null,
    source: 'sms-report',
    receiptId: undefined,
    origin: 'raw-receipts.v1/0/0',
  });
  metrics.count(tally);
  // A sum over no series is nothing, and nothing is less than nothing: QuittanceDeadLettersRising would be silent.
  const { values } = await registry.getSingleMetric('quittance_events_normalised_total')!.get();
  expect(values.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0]);
});
