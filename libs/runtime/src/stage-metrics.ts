import { getHeapStatistics } from 'node:v8';
import { Gauge, type Registry } from 'prom-client';
import type { Health } from './health.js';
import { METRIC_PREFIX } from './metrics.js';
import { softwareVersion } from './software-version.js';

/** One of the three apps. */
export type StageName = 'ingress' | 'normaliser' | 'projector';

/** More than this is no limit of a container but the kernel's word for "none". Bytes: 1 PiB. */
const NO_LIMIT = 2 ** 50;

/**
 * What every stage tells of itself: whether it is ready, as the probe would hear; which version runs; how much memory it
 * may take, since what it takes says little alone.
 */
export function registerStageMetrics(registry: Registry, stage: StageName, health: Health): void {
  const registers = [registry];
  new Gauge({
    name: `${METRIC_PREFIX}stage_ready`,
    help: '1: the process is ready for work; 0: /health/ready says why not',
    labelNames: ['stage'],
    registers,
    collect() {
      this.set({ stage }, Number(health.ready().healthy));
    },
  });
  new Gauge({
    name: `${METRIC_PREFIX}build_info`,
    help: 'Always 1; the labels say what runs',
    labelNames: ['stage', 'version', 'node'],
    registers,
  }).set({ stage, version: softwareVersion(), node: process.version }, 1);
  new Gauge({
    name: `${METRIC_PREFIX}memory_limit_bytes`,
    help: 'Memory that the container may take; +Inf: it has no limit',
    registers,
    collect() {
      const limit = process.constrainedMemory();
      this.set(limit > 0 && limit < NO_LIMIT ? limit : Infinity);
    },
  });
  new Gauge({
    name: `${METRIC_PREFIX}heap_limit_bytes`,
    help: 'Size that the heap of JavaScript may grow to; the process ends when it does',
    registers,
  }).set(getHeapStatistics().heap_size_limit);
}
