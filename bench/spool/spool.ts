import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchStack } from '../bench-stack.js';
import type { BenchOptions } from '../command-line.js';
import { cpuSeconds } from '../cpu-time.js';
import { runLoad, type LoadResult } from '../ingest/load.js';
import { Installation, type RunningApp } from '../installation.js';
import { rounded, type Measurement } from '../measurement.js';

/** What must be taken in without Kafka, receipts a second. */
const RATE = 2_000;
const CONNECTIONS = 256;
const WARM_UP_SECONDS = 2;
const DRAIN_WITHIN = 300_000;
const RECEIPTS = 'quittance_spool_receipts';
const STORED = 'quittance_spool_stored_receipts_total';

/**
 * What an outage of Kafka is like with a spool: how fast receipts are stored while the broker hangs, and how fast they
 * reach it when it is back, alone and beside live traffic. The broker is frozen: that is the dearer kind of outage,
 * because connections stand.
 */
export async function measureSpool(
  stack: BenchStack,
  options: BenchOptions,
  repetition: number,
  report: (measurement: Measurement) => void,
): Promise<void> {
  const installation = await Installation.create(stack, `spool_${repetition}`, options.profileDirectory);
  const directory = join(stack.directory, `spool_${repetition}`);
  mkdirSync(directory);
  const ingress = await installation.start('ingress', { SPOOL_DIRECTORY: directory, SPOOL_BYTES: String(8 * 2 ** 30) });
  const load = (rate: number, seconds: number): Promise<LoadResult> =>
    runLoad(stack, { port: ingress.port, path: installation.path, connections: CONNECTIONS, rate, seconds });
  let accepted = 0;
  try {
    const outage = async (variant: string, rate: number): Promise<void> => {
      const [cpu, stored] = [cpuSeconds(ingress.pid), await metric(ingress, STORED)];
      const result = await load(rate, options.seconds);
      accepted += result.accepted;
      report({
        measure: 'spool',
        variant,
        repetition,
        values: described(result, cpuSeconds(ingress.pid) - cpu),
        problems:
          (await metric(ingress, STORED)) - stored < result.accepted ? ['accepted more than is in the spool'] : [],
      });
    };
    const drain = async (variant: string, live: number): Promise<void> => {
      const beside = live === 0 ? null : load(live, options.seconds);
      const values = await drained(stack, ingress, beside);
      accepted += values.accepted ?? 0;
      const records = await installation.count('raw-receipts.v1');
      const problems = records < accepted ? [`${accepted} accepted, but ${records} records in Kafka`] : [];
      report({ measure: 'spool', variant, repetition, values, problems });
    };

    accepted += (await load(RATE, WARM_UP_SECONDS)).accepted;
    for (const live of [0, RATE]) {
      process.kill(stack.kafkaPid, 'SIGSTOP');
      // The first receipts of an outage wait half their deadline: what follows is what an outage is like.
      accepted += (await load(RATE, WARM_UP_SECONDS)).accepted;
      if (live === 0) await outage(`Kafka frozen, ${RATE} offered`, RATE);
      await outage('Kafka frozen, closed loop', 0);
      await drain(live === 0 ? 'drain' : `drain beside ${live} live receipts a second`, live);
    }
  } finally {
    process.kill(stack.kafkaPid, 'SIGCONT');
    await ingress.stop();
    await installation.close();
  }
}

/** Lets Kafka go on and waits until the spool is empty; the rate runs from the first receipt that leaves it. */
async function drained(
  stack: BenchStack,
  ingress: RunningApp,
  beside: Promise<LoadResult> | null,
): Promise<Record<string, number>> {
  const spooled = await metric(ingress, RECEIPTS);
  process.kill(stack.kafkaPid, 'SIGCONT');
  const deadline = Date.now() + DRAIN_WITHIN;
  let left = spooled;
  while (left >= spooled && Date.now() < deadline) left = await sample(ingress);
  const [first, begun, cpu] = [left, performance.now(), cpuSeconds(ingress.pid)];
  while (left > 0 && Date.now() < deadline) left = await sample(ingress);
  const seconds = (performance.now() - begun) / 1_000;
  const used = cpuSeconds(ingress.pid) - cpu;
  const live = await beside;
  return {
    spooled,
    receipts_s: rounded((first - left) / seconds),
    seconds: rounded(seconds),
    left,
    ...(live === null ? { ingress_cpu_s_per_million: rounded((used / Math.max(1, first)) * 1e6) } : described(live, 0)),
  };
}

function described(result: LoadResult, cpu: number): Record<string, number> {
  return {
    req_s: rounded(result.accepted / result.seconds),
    p50_ms: rounded(result.p50),
    p99_ms: rounded(result.p99),
    max_ms: rounded(result.max),
    accepted: result.accepted,
    refused: result.refused,
    unanswered: result.unanswered,
    ...(cpu === 0 ? {} : { ingress_cpu_s_per_million: rounded((cpu / Math.max(1, result.accepted)) * 1e6) }),
  };
}

async function sample(ingress: RunningApp): Promise<number> {
  await delay(20);
  return metric(ingress, RECEIPTS);
}

async function metric({ managementPort }: RunningApp, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${managementPort}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`there is no metric ${name}`);
  return Number(line.slice(name.length + 1));
}
