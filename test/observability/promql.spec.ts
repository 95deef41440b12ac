import { expect, it } from '@jest/globals';
import { problemsOf } from './promql.js';

const METRICS = [
  { name: 'a_total', type: 'counter', help: '', labels: ['source'] },
  { name: 'b_seconds', type: 'histogram', help: '', labels: [] },
];

it.each([
  ['sum by (source, instance) (rate(a_total{source!="x", job="y"}[5m])) > 0 or absent(a_total)', []],
  ['histogram_quantile(0.99, sum by (le) (rate(b_seconds_bucket[5m]))) / b_seconds_sum', []],
  ['sum by (source) (rate(a_total[5m])', ['not PromQL near: ']],
  ['gone_total', ['no metric gone_total']],
  ['a_total{token="x"}', ['a_total has no token']],
  ['sum by (token) (a_total)', ['groups by token, which nothing has']],
  ['a_total * on (le) a_total', ['groups by le, which nothing has']],
  ['b_seconds', ['no metric b_seconds']],
  ['b_seconds_sum{le="1"}', ['b_seconds_sum has no le']],
  ['time()', ['asks for no metric']],
])('%s', (query, problems) => {
  expect(problemsOf(query, METRICS).map((problem) => problem.replace(/near: .*/s, 'near: '))).toEqual(problems);
});
