import { setTimeout as delay } from 'node:timers/promises';
import type { BenchStack } from '../bench-stack.js';
import type { BenchOptions } from '../command-line.js';
import { cpuSeconds } from '../cpu-time.js';
import { Installation } from '../installation.js';
import { rounded, type Measurement } from '../measurement.js';
import { mostResidentMebibytes, residentMebibytes } from '../memory.js';

/** ms. What start-up leaves behind for the garbage collector is gone by then, as far as it goes without work. */
const REST = 10_000;

/**
 * What each app needs to start, with Kafka and Postgres there and nothing to do: the time from the start of the process
 * until it says that it is ready, the CPU time of all its threads until then, and its memory then and at rest.
 */
export async function measureStart(
  stack: BenchStack,
  { profileDirectory }: BenchOptions,
  repetition: number,
  report: (measurement: Measurement) => void,
): Promise<void> {
  const installation = await Installation.create(stack, `start_${repetition}`, profileDirectory);
  try {
    for (const name of ['ingress', 'normaliser', 'projector'] as const) {
      const begunAt = performance.now();
      const app = await installation.start(name);
      const ready = { ready_s: rounded((performance.now() - begunAt) / 1_000), cpu_s: rounded(cpuSeconds(app.pid)) };
      const most = mostResidentMebibytes(app.pid);
      await delay(REST);
      const values = { ...ready, rss_mib_most: most, rss_mib_at_rest: residentMebibytes(app.pid) };
      await app.stop();
      report({ measure: 'start', variant: name, repetition, values, problems: [] });
    }
  } finally {
    await installation.close();
  }
}
