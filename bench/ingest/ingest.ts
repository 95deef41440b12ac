import { setTimeout as delay } from 'node:timers/promises';
import type { BenchStack } from '../bench-stack.js';
import type { BenchOptions } from '../command-line.js';
import { cpuSeconds } from '../cpu-time.js';
import { Installation, type RunningApp } from '../installation.js';
import { rounded, type Measurement } from '../measurement.js';
import { mostResidentMebibytes } from '../memory.js';
import { measuredTracing } from '../tracing.js';
import { runLoad, type LoadResult } from './load.js';

/** Closed loop: so many requests are always under way. */
const CLOSED_CONNECTIONS = 512;
const OPEN_CONNECTIONS = 1_024;
/** Open-loop rates, as parts of the closed loop's. */
const LADDER = [0.5, 0.7, 0.85, 1];
const WARM_UP_SECONDS = 3;
/** A rate holds when p99 is below this, ms, */
const P99_LIMIT = 500;
/** nothing is refused, and this part of it is achieved: a short step may end before its queue has grown. */
const ACHIEVED = 0.99;

/** One step as it was seen from both sides. */
interface Step extends LoadResult {
  /** Records that the step left in Kafka. */
  readonly records: number;
  readonly ingressCpu: number;
  readonly kafkaCpu: number;
  /** What the ingress held of the memory at most so far, MiB. */
  readonly mostResident: number;
}

/**
 * How fast receipts are taken in durably, one per body: a closed loop to find out what goes, then open-loop steps, whose
 * latency is counted from the moment that a request was to start.
 */
export async function measureIngest(
  stack: BenchStack,
  options: BenchOptions,
  repetition: number,
  report: (measurement: Measurement) => void,
): Promise<void> {
  const installation = await Installation.create(stack, `ingest_${repetition}`, options.profileDirectory);
  const tracing = await measuredTracing(options.traced);
  const ingress = await installation.start('ingress', tracing.environment);
  const run = (rate: number, seconds: number): Promise<Step> => runStep(stack, installation, ingress, rate, seconds);
  try {
    await run(0, WARM_UP_SECONDS);
    const closed = await run(0, options.seconds);
    const closedRate = closed.accepted / closed.seconds;
    report({ measure: 'ingest', variant: 'closed loop', repetition, ...described(closed) });

    let best: Step | null = null;
    for (const part of LADDER) {
      await delay(500);
      const rate = Math.round(closedRate * part);
      const step = await run(rate, options.seconds);
      const holds = step.p99 < P99_LIMIT && step.refused === 0 && step.accepted / step.seconds >= ACHIEVED * rate;
      const { values, problems } = described(step);
      report({
        measure: 'ingest',
        variant: `open loop at ${part} of the closed loop's rate`,
        repetition,
        values: { offered_s: rate, ...values, holds: Number(holds) },
        problems,
      });
      if (holds) best = step;
    }
    report({
      measure: 'ingest',
      variant: 'highest rate that holds',
      repetition,
      values: best === null ? { req_s: 0 } : described(best).values,
      problems: [],
    });
  } finally {
    await ingress.stop();
    await tracing.close();
    await installation.close();
  }
}

async function runStep(
  stack: BenchStack,
  installation: Installation,
  ingress: RunningApp,
  rate: number,
  seconds: number,
): Promise<Step> {
  const before = {
    records: await installation.count('raw-receipts.v1'),
    ingress: cpuSeconds(ingress.pid),
    kafka: cpuSeconds(stack.kafkaPid),
  };
  const connections = rate === 0 ? CLOSED_CONNECTIONS : OPEN_CONNECTIONS;
  const { port } = ingress;
  const result = await runLoad(stack, { port, path: installation.path, connections, rate, seconds });
  const ingressCpu = cpuSeconds(ingress.pid) - before.ingress;
  const kafkaCpu = cpuSeconds(stack.kafkaPid) - before.kafka;
  const records = (await installation.count('raw-receipts.v1')) - before.records;
  return { ...result, records, ingressCpu, kafkaCpu, mostResident: mostResidentMebibytes(ingress.pid) };
}

function described(step: Step): Pick<Measurement, 'values' | 'problems'> {
  const perMillion = (cpu: number): number => rounded((cpu / Math.max(1, step.accepted)) * 1e6);
  // What was refused or not answered may be in Kafka all the same; what was accepted must be.
  const isExact = step.refused === 0 && step.unanswered === 0;
  const isLost = step.records < step.accepted || (isExact && step.records !== step.accepted);
  return {
    values: {
      req_s: rounded(step.accepted / step.seconds),
      p50_ms: rounded(step.p50),
      p99_ms: rounded(step.p99),
      max_ms: rounded(step.max),
      refused: step.refused,
      unanswered: step.unanswered,
      accepted: step.accepted,
      records: step.records,
      ingress_cpu_s_per_million: perMillion(step.ingressCpu),
      kafka_cpu_s_per_million: perMillion(step.kafkaCpu),
      ingress_rss_mib_most: step.mostResident,
      load_cpu_s_per_million: perMillion(step.generatorCpu),
    },
    problems: isLost ? [`${step.accepted} accepted, but ${step.records} records in Kafka`] : [],
  };
}
