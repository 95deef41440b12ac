import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { planApps, runStep, startApp, waitForReady } from './apps.js';
import type { AppPlan } from './apps.js';
import { createConsole } from './console.js';
import { demonstrate } from './demo-run.js';
import { claimFolder, killAll, releaseFolder, stopInOrder } from './live-run.js';
import { nextSteps } from './next-steps.js';
import { LOG_DIRECTORY, STACK_FILE } from './places.js';
import type { ProcessRegistry } from './process-registry.js';
import { describeExit, logTail, signalProcessGroup } from './processes.js';
import type { Exit } from './processes.js';
import { Refusal } from './refusal.js';
import { startStack } from './stack.js';
import type { Stack } from './stack.js';
import { summarise } from './summary.js';
import { createTopicReader } from './topic-reader.js';

const USAGE = 'npm start [-- --once | --quiet-providers]';

/** One Ctrl-C reaches us from the terminal and again through npm: so close together they are one. */
const SAME_SIGNAL = 400;

/** Ctrl-C, or its like. */
class Interrupted extends Error {}

const out = createConsole();

/** Everything that ends the work early ends up here, as a rejection. */
const early = Promise.withResolvers<never>();
let isStopping = false;
let registry: ProcessRegistry | undefined;
let stack: Stack | undefined;

async function main(): Promise<number> {
  early.promise.catch(() => undefined);
  let code: number;
  let once = false;
  try {
    const options = readArguments();
    once = options.once;
    listenForSignals();
    const claim = await claimFolder();
    registry = claim.registry;
    if (claim.stopped.length > 0) out.say(`stopped what an earlier run left behind: ${claim.stopped.join(', ')}`);
    code = await Promise.race([work(registry, options), early.promise]);
  } catch (error) {
    code = explain(error, once);
  }
  await shutDown();
  return code;
}

function readArguments(): { once: boolean; quiet: boolean } {
  try {
    const { values } = parseArgs({
      options: { once: { type: 'boolean', default: false }, 'quiet-providers': { type: 'boolean', default: false } },
    });
    return { once: values.once, quiet: values['quiet-providers'] };
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\nUsage: ${USAGE}`);
  }
}

/** Brings everything up, runs what was asked for, and stays if it was not asked to end. Resolves to the exit code. */
async function work(processes: ProcessRegistry, { once, quiet }: { once: boolean; quiet: boolean }): Promise<number> {
  keepPreviousLogs();
  out.say('starting Kafka and Postgres');
  stack = await startStack({
    environment: process.env,
    say: (text) => {
      out.say(text);
    },
    onSpawn: (name, pid) => {
      register(processes, name, pid);
    },
  });
  const { kafka, postgres } = stack;
  if (kafka.process !== null) watch('kafka', kafka.process);
  if (postgres.process !== null) watch('postgres', postgres.process);
  out.say(`Kafka ${kafka.address} (${kafka.mode}), Postgres ${new URL(postgres.address).host} (${postgres.mode})`);

  const plan = await planApps(process.env, kafka.address, postgres.address);
  await Promise.all([
    runStep('set-up-topics', 'apps/projector/src/set-up-topics.js', plan),
    runStep('migrate', 'apps/projector/src/migrate.js', plan),
  ]);
  out.say('topics and tables are there; starting the apps');
  await startApps(processes, plan);
  writeStackFile(processes, plan, stack);
  out.say(`up: receipts are taken at ${plan.addresses.ingress}/receipts/{source}/{token}`);

  let exitCode = 0;
  if (!quiet) {
    const reader = createTopicReader(kafka.address, plan.topicPrefix);
    const result = await demonstrate(plan.addresses.simulator, reader, postgres.address, out);
    out.say(summarise(result));
    if (result.missing.length > 0) exitCode = 1;
  }
  if (once) return exitCode;
  out.say(
    nextSteps({
      ingress: plan.addresses.ingress,
      alibabaToken: plan.alibabaToken,
      brokers: kafka.address,
      kafkaMode: kafka.mode,
      databaseUrl: postgres.address,
      topicPrefix: plan.topicPrefix,
    }),
  );
  out.say('\nEverything stays up until Ctrl-C.');
  return early.promise;
}

async function startApps(processes: ProcessRegistry, plan: AppPlan): Promise<void> {
  const { management, simulator } = plan.addresses;
  const health = { ...management, simulator };
  const names = ['ingress', 'normaliser', 'projector', 'simulator'] as const;
  for (const name of names) {
    const app = await startApp(name, plan);
    register(processes, name, app.pid);
    watch(name, app);
  }
  const waiting = new Set<string>(names);
  // After a crash Kafka first waits, up to 30 s, for the consumers that died.
  const ticker = setInterval(() => {
    out.status(`waiting until ready: ${[...waiting].join(', ')}`);
  }, 1_000);
  try {
    await Promise.all(names.map((name) => waitForReady(name, health[name]).then(() => waiting.delete(name))));
  } finally {
    clearInterval(ticker);
  }
}

/** Notes a process that was started. What comes up while we are going down goes down at once. */
function register(processes: ProcessRegistry, name: string, pid: number): void {
  if (isStopping) signalProcessGroup(pid, 'SIGKILL');
  else processes.add(name, pid);
}

function watch(name: string, { exited, logFile }: { exited: Promise<Exit>; logFile: string }): void {
  void exited.then((exit) => {
    if (isStopping) return;
    early.reject(new Refusal(`${name} died (${describeExit(exit)}). The end of ${logFile}:\n${logTail(logFile)}`));
  });
}

function listenForSignals(): void {
  let lastSignal = 0;
  const onSignal = (): void => {
    if (Date.now() - lastSignal < SAME_SIGNAL) return;
    lastSignal = Date.now();
    if (!isStopping) {
      isStopping = true;
      early.reject(new Interrupted());
      return;
    }
    out.say('killed');
    if (registry !== undefined) killAll(registry);
    releaseFolder();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // Whoever started us is gone: nobody is left to press Ctrl-C.
  process.on('disconnect', onSignal);
}

function explain(error: unknown, once: boolean): number {
  // Staying up until Ctrl-C is what was asked for, unless it was a run with an end.
  if (error instanceof Interrupted) return once ? 130 : 0;
  isStopping = true;
  if (error instanceof Refusal) out.say(error.message);
  else out.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

async function shutDown(): Promise<void> {
  isStopping = true;
  if (registry === undefined) return;
  await stopInOrder(registry, (name) => {
    out.status(`stopping ${name}`);
  });
  if (stack?.kafka.mode === 'docker') await stack.kafka.stop();
  if (stack?.postgres.mode === 'docker') await stack.postgres.stop();
  // Whatever was being started when we were asked to stop.
  await delay(50);
  killAll(registry);
  releaseFolder();
  out.say('stopped');
}

function writeStackFile(processes: ProcessRegistry, plan: AppPlan, { kafka, postgres }: Stack): void {
  const { ingress, management, simulator, mns, mnsToken } = plan.addresses;
  const pids = Object.fromEntries(processes.records.map(({ name, pid }) => [name, pid]));
  const content = {
    ingress,
    management,
    brokers: kafka.address,
    databaseUrl: postgres.address,
    mns,
    mnsToken,
    simulator,
    pids,
  };
  writeFileSync(`${STACK_FILE}.new`, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(`${STACK_FILE}.new`, STACK_FILE);
}

/** The logs of one run before are kept: they may say why it crashed. */
function keepPreviousLogs(): void {
  if (!existsSync(LOG_DIRECTORY)) return;
  const previous = `${LOG_DIRECTORY}.previous`;
  rmSync(previous, { recursive: true, force: true });
  renameSync(LOG_DIRECTORY, previous);
}

// At the end: everything above has to be there.
// Connections that still wait for an answer of something stopped must not keep us, so the end is explicit.
process.exit(await main());
