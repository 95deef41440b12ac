import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Registry } from 'prom-client';
import type { StageName } from '#runtime';
import { ROOT } from '../architecture/source-tree.js';
import { metricsOf, type Metric } from './metric.js';
import { filledPage, listedMetrics } from './metrics-page.js';
import { stageRegistries } from './stage-registries.js';

const PAGE = join(ROOT, 'docs', 'metrics.md');

/** Values of these come from the configuration, or from a list that the code closes. Nothing else may be a label. */
const BOUNDED = new Set([
  'source',
  'reason',
  'result',
  'outcome',
  'message_type',
  'topic',
  'kind',
  'type',
  'code',
  'provider',
  'table',
  'state',
  'stage',
  'version',
  'node',
]);

/** What the client tells of Node bends the conventions in places that are not ours. */
const isOurs = ({ name }: Metric): boolean => !/^quittance_(?:process|nodejs)_/.test(name);

describe('metrics', () => {
  let registries: Readonly<Record<StageName, Registry>>;
  let byStage: Readonly<Record<StageName, readonly Metric[]>>;
  let all: readonly Metric[];

  beforeAll(async () => {
    registries = await stageRegistries();
    const { ingress, normaliser, projector } = registries;
    byStage = {
      ingress: metricsOf(ingress),
      normaliser: metricsOf(normaliser),
      projector: metricsOf(projector),
    };
    all = Object.values(byStage).flat();
  });

  it('docs/metrics.md lists every metric as it is registered', () => {
    const page = readFileSync(PAGE, 'utf8');
    const current = filledPage(page, byStage);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(PAGE, current);
    expect(process.env.UPDATE_GOLDEN === '1' ? current : page).toBe(current);
    // Queries are checked against what is read from there.
    const byName = new Map(all.map((metric) => [metric.name, metric]));
    expect(new Map(listedMetrics(current).map((metric) => [metric.name, metric]))).toEqual(byName);
  });

  it('are named by the conventions: our prefix, base units, _total for counters and for nothing else', () => {
    const wrong = all.filter(isOurs).filter(({ name, type }) => {
      const isNamed = /^quittance_[a-z]+(?:_[a-z]+)+$/.test(name) && !/_(?:ms|milliseconds|kb|mb|percent)\b/.test(name);
      return !isNamed || name.endsWith('_total') !== (type === 'counter');
    });
    expect(wrong).toEqual([]);
  });

  it('have labels from the configuration or from closed lists only', () => {
    const used = new Set(all.filter(isOurs).flatMap(({ labels }) => labels));
    expect([...used].filter((label) => !BOUNDED.has(label))).toEqual([]);
  });

  it('are the same thing wherever they have the same name', () => {
    for (const metric of all) expect(all.find(({ name }) => name === metric.name)).toEqual(metric);
  });

  it('can be scraped from a process that has done nothing yet, and count from 0', async () => {
    const texts = await Promise.all(Object.values(registries).map((registry) => registry.metrics()));
    const text = texts.join('\n');
    expect(text).toContain('quittance_receipts_accepted_total{source="ali-sms-report"} 0');
    expect(text).toContain('quittance_normaliser_dead_letters_total{code="BODY_NOT_JSON"} 0');
    expect(text).toContain('quittance_projector_dead_letters_total{code="UNEXPLAINED"} 0');
    expect(text).toContain('quittance_unknown_codes_total{provider="huawei"} 0');
    expect(text).toContain('quittance_stage_ready{stage="projector"} 0');
  });
});
