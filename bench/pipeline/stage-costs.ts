import type { BenchStack } from '../bench-stack.js';
import { cpuSeconds, cpuSecondsOfTree, mainThreadSeconds } from '../cpu-time.js';
import { rounded } from '../measurement.js';
import type { Progress } from './progress.js';

/** CPU seconds, as the clocks stand. */
export interface Clocks {
  readonly app: number;
  readonly mainThread: number;
  readonly kafka: number;
  readonly postgres: number;
}

/** Reads the clocks of a stage that runs alone, and of what it needs. */
export function clocks(stack: Pick<BenchStack, 'kafkaPid' | 'postgresPid'>, pid: number): () => Clocks {
  return () => ({
    app: cpuSeconds(pid),
    mainThread: mainThreadSeconds(pid),
    kafka: cpuSeconds(stack.kafkaPid),
    postgres: cpuSecondsOfTree(stack.postgresPid),
  });
}

/** Per second. */
export function rate({ done, seconds }: Progress<Clocks>): number {
  return rounded(done / seconds);
}

/** CPU seconds per million of the stage itself and of Kafka. */
export function costs(progress: Progress<Clocks>): Record<string, number> {
  return {
    start_s: rounded(progress.startSeconds),
    app_cpu_s_per_million: cost(progress, 'app'),
    app_main_thread_cpu_s_per_million: cost(progress, 'mainThread'),
    kafka_cpu_s_per_million: cost(progress, 'kafka'),
  };
}

/** CPU seconds per million of one part. */
export function cost({ done, atFirst, atLast }: Progress<Clocks>, part: keyof Clocks): number {
  return rounded(((atLast[part] - atFirst[part]) / done) * 1e6);
}
