import type { BenchStack } from '../bench-stack.js';
import { cpuSeconds, cpuSecondsOfTree, mainThreadSeconds } from '../cpu-time.js';
import { rounded } from '../measurement.js';
import { mostResidentMebibytes } from '../memory.js';
import type { Progress } from './progress.js';

/** CPU seconds, as the clocks stand, and memory. */
export interface Readings {
  readonly app: number;
  readonly mainThread: number;
  readonly kafka: number;
  readonly postgres: number;
  /** What the stage itself held of the memory at most so far, MiB. */
  readonly mostResident: number;
}

/** Takes the readings of a stage that runs alone, and of what it needs. */
export function readings(stack: Pick<BenchStack, 'kafkaPid' | 'postgresPid'>, pid: number): () => Readings {
  return () => ({
    app: cpuSeconds(pid),
    mainThread: mainThreadSeconds(pid),
    kafka: cpuSeconds(stack.kafkaPid),
    postgres: cpuSecondsOfTree(stack.postgresPid),
    mostResident: mostResidentMebibytes(pid),
  });
}

/** Per second. */
export function rate({ done, seconds }: Progress<Readings>): number {
  return rounded(done / seconds);
}

/** CPU seconds per million of the stage itself and of Kafka, and the memory that it took. */
export function costs(progress: Progress<Readings>): Record<string, number> {
  return {
    start_s: rounded(progress.startSeconds),
    app_cpu_s_per_million: cost(progress, 'app'),
    app_main_thread_cpu_s_per_million: cost(progress, 'mainThread'),
    kafka_cpu_s_per_million: cost(progress, 'kafka'),
    rss_mib_most: progress.atLast.mostResident,
  };
}

/** CPU seconds per million of one part. */
export function cost(
  { done, atFirst, atLast }: Progress<Readings>,
  part: Exclude<keyof Readings, 'mostResident'>,
): number {
  return rounded(((atLast[part] - atFirst[part]) / done) * 1e6);
}
