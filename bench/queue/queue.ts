import { setTimeout as delay } from 'node:timers/promises';
import type { BenchStack } from '../bench-stack.js';
import type { BenchOptions } from '../command-line.js';
import { cpuSeconds } from '../cpu-time.js';
import { Installation, type InstallationConfiguration } from '../installation.js';
import { rounded, type Measurement } from '../measurement.js';
import { residentMebibytes } from '../memory.js';
import { body } from '../receipts.js';
import { KEY, startSimulator, type QueueSimulator } from './simulator.js';

/** The receipt types that Alibaba Cloud puts into queues. */
const TYPES = [
  'SmsReport',
  'GlobeSmsReport',
  'SmsUp',
  'SignSmsReport',
  'TemplateSmsReport',
  'MnsCardVender',
  'MnsCardTemplate',
  'ChatAppStatus',
  'ChatAppInbound',
  'ChatAppAudit',
];
const queueOf = (type: string): string => `Alicom-Queue-1000000000000001-${type}`;
/** So short that every queue gets a new token every 90 s. */
const TOKEN_LIFETIME_SECONDS = 180;
/** Young generations fill and empty; what counts is what is left after the first minute. */
const SETTLING_SECONDS = 60;
const SAMPLE_SECONDS = 10;
const DRAIN_WITHIN = 300_000;

/** How fast one ingress empties a queue, and what queues cost that have nothing in them. */
export async function measureQueue(
  stack: BenchStack,
  options: BenchOptions,
  repetition: number,
  report: (measurement: Measurement) => void,
): Promise<void> {
  const environment = {
    QUEUES: TYPES.map(queueOf).join(),
    TOKEN_LIFETIME: String(TOKEN_LIFETIME_SECONDS),
  };
  const simulator = await startSimulator(stack, environment);
  try {
    report({ measure: 'queue', repetition, ...(await drain(stack, options, repetition, simulator)) });
    report({ measure: 'queue', repetition, ...(await idle(stack, options, repetition, simulator)) });
  } finally {
    await simulator.stop();
  }
}

function configuration(types: readonly string[], concurrency: number): InstallationConfiguration {
  return {
    accounts: { main: { provider: 'alibaba', credentials: KEY } },
    sources: types.map((type) => ({
      id: `fetched-${type.toLowerCase()}`,
      account: 'main',
      receipt: type,
      ...(type.startsWith('ChatApp') ? { channel: 'whatsapp' } : {}),
      mns: { queue: queueOf(type), concurrency },
    })),
  };
}

type Result = Pick<Measurement, 'variant' | 'values' | 'problems'>;

async function drain(
  stack: BenchStack,
  { receipts, profileDirectory }: BenchOptions,
  repetition: number,
  simulator: QueueSimulator,
): Promise<Result> {
  const name = `drain_${repetition}`;
  const installation = await Installation.create(stack, name, profileDirectory, configuration(['SmsReport'], 4));
  const queue = queueOf('SmsReport');
  await simulator.fill(queue, receipts, (index) => Buffer.from(body(index, 1).slice(1, -1)).toString('base64'));
  // Not until it is ready: it begins before, and what it has done by then would not be counted.
  const ingress = await installation.launch('ingress', endpoints(simulator));
  try {
    const deadline = Date.now() + DRAIN_WITHIN;
    let first = 0;
    while ((first = await installation.count('raw-receipts.v1')) === 0 && Date.now() < deadline) await delay(20);
    const before = cpuSeconds(simulator.pid);
    const [begun, begunCpu] = [performance.now(), cpuSeconds(ingress.pid)];
    while ((await simulator.size(queue)) > 0 && Date.now() < deadline) await delay(20);
    const seconds = (performance.now() - begun) / 1_000;
    const records = await installation.count('raw-receipts.v1');
    const taken = records - first;
    const perMillion = (cpu: number): number => rounded((cpu / Math.max(1, taken)) * 1e6);
    return {
      variant: 'drain',
      values: {
        receipts_s: rounded(taken / seconds),
        seconds: rounded(seconds),
        records,
        ingress_cpu_s_per_million: perMillion(cpuSeconds(ingress.pid) - begunCpu),
        simulator_cpu_s_per_million: perMillion(cpuSeconds(simulator.pid) - before),
      },
      problems: records < receipts ? [`${receipts} were queued, but ${records} records are in Kafka`] : [],
    };
  } finally {
    await ingress.stop();
    await installation.close();
  }
}

async function idle(
  stack: BenchStack,
  { minutes, profileDirectory }: BenchOptions,
  repetition: number,
  simulator: QueueSimulator,
): Promise<Result> {
  const name = `idle_${repetition}`;
  const bare = await cpuPercent(stack, `${name}_bare`, configuration([], 4), endpoints(simulator), profileDirectory, 1);
  const watched = await cpuPercent(
    stack,
    name,
    configuration(TYPES, 4),
    endpoints(simulator),
    profileDirectory,
    minutes,
  );
  return {
    variant: `idle, ${TYPES.length} queues, ${minutes} min`,
    values: {
      cpu_percent: rounded(watched.cpu),
      cpu_percent_without_queues: rounded(bare.cpu),
      cpu_percent_per_queue: (watched.cpu - bare.cpu) / TYPES.length,
      rss_mib_at_first: rounded(watched.rss[0] ?? 0),
      rss_mib_at_last: rounded(watched.rss.at(-1) ?? 0),
      rss_mib_most: rounded(Math.max(...watched.rss)),
      token_requests: watched.tokens,
    },
    problems: [],
  };
}

/** Lets an ingress do nothing for some minutes. */
async function cpuPercent(
  stack: BenchStack,
  name: string,
  settings: InstallationConfiguration,
  environment: Readonly<Record<string, string>>,
  profileDirectory: string | null,
  minutes: number,
): Promise<{ readonly cpu: number; readonly rss: readonly number[]; readonly tokens: number }> {
  // A configuration has at least one source; this one takes nothing in.
  const sources = [...settings.sources, { id: 'still', account: 'main', receipt: 'SmsReport' }];
  const installation = await Installation.create(stack, name, profileDirectory, { ...settings, sources });
  const ingress = await installation.start('ingress', environment);
  try {
    await delay(SETTLING_SECONDS * 1_000);
    const begun = cpuSeconds(ingress.pid);
    const began = performance.now();
    const rss: number[] = [residentMebibytes(ingress.pid)];
    while (performance.now() - began < minutes * 60_000) {
      await delay(SAMPLE_SECONDS * 1_000);
      rss.push(residentMebibytes(ingress.pid));
      console.error(`${name}: ${rounded((performance.now() - began) / 60_000)} of ${minutes} min, ${rss.at(-1)} MiB`);
    }
    const cpu = ((cpuSeconds(ingress.pid) - begun) / ((performance.now() - began) / 1_000)) * 100;
    return { cpu, rss, tokens: await tokenRequests(ingress.managementPort) };
  } finally {
    await ingress.stop();
    await installation.close();
  }
}

async function tokenRequests(managementPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${managementPort}/metrics`)).text();
  return [...text.matchAll(/^quittance_queue_tokens_total\{.*\} (\d+)$/gm)]
    .map(([, count]) => Number(count))
    .reduce((sum, count) => sum + count, 0);
}

function endpoints({ url }: QueueSimulator): Readonly<Record<string, string>> {
  return { MNS_QUEUE_ENDPOINT: url, MNS_TOKEN_ENDPOINT: url };
}
