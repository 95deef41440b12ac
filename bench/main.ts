import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Refusal } from '../dev/refusal.js';
import { BenchStack } from './bench-stack.js';
import { readCommandLine, type BenchOptions } from './command-line.js';
import { loadAverage } from './cpu-time.js';
import { measureIngest } from './ingest/ingest.js';
import { measureOverload } from './ingest/overload.js';
import { jsonLine, table, type Measurement } from './measurement.js';
import { measureMillion } from './million/million.js';
import { measureOutage } from './outage/outage.js';
import { measureParse } from './parse/parse.js';
import { measurePipeline } from './pipeline/pipeline.js';
import { measureProject } from './project/project.js';
import { measureQueue } from './queue/queue.js';
import { measureSpool } from './spool/spool.js';
import { measureStart } from './start/start.js';

/** ms */
const BETWEEN_STATUS_LINES = 3_000;

/** The whole run; resolves to the exit code. */
async function main(): Promise<number> {
  const stack = new BenchStack();
  try {
    const options = readCommandLine(process.argv.slice(2));
    if (options.profileDirectory !== null) mkdirSync(resolve(options.profileDirectory), { recursive: true });
    await stack.claim();
    stopOnSignals(stack);
    // Parsing needs nothing but the processor.
    if (options.bench !== 'parse') await stack.start();
    const measurements = await measureAll(stack, options);
    console.log(table(measurements));
    return measurements.some(({ problems }) => problems.length > 0) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    return 1;
  } finally {
    await stack.stop();
  }
}

async function measureAll(stack: BenchStack, options: BenchOptions): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  const report = (measurement: Measurement): void => {
    measurements.push(measurement);
    console.log(jsonLine(measurement));
  };
  for (let repetition = 1; repetition <= options.repetitions; repetition++) {
    console.error(`repetition ${repetition} of ${options.repetitions}, load of the machine ${loadAverage()}`);
    if (options.bench === 'parse') measureParse(repetition, report);
    else if (options.bench === 'ingest') await measureIngest(stack, options, repetition, report);
    else if (options.bench === 'overload') await measureOverload(stack, options, repetition, report);
    else if (options.bench === 'queue') await measureQueue(stack, options, repetition, report);
    else if (options.bench === 'project') await measureProject(stack, options, repetition, report);
    else if (options.bench === 'million') await measureMillion(stack, options, repetition, report, statusLine());
    else if (options.bench === 'outage') await measureOutage(stack, options, repetition, report, statusLine());
    else if (options.bench === 'start') await measureStart(stack, options, repetition, report);
    else if (options.bench === 'spool') await measureSpool(stack, options, repetition, report);
    else await measurePipeline(stack, options, repetition, report);
  }
  return measurements;
}

/** Shows how far a long measurement is: every few seconds, beside the results. */
function statusLine(): (text: string) => void {
  let shownAt = -Infinity;
  return (text) => {
    if (performance.now() - shownAt < BETWEEN_STATUS_LINES) return;
    shownAt = performance.now();
    console.error(text);
  };
}

const stopping = new AbortController();

/** Ctrl-C, its like, or the command above us gone: everything that was started ends, too. */
function stopOnSignals(stack: BenchStack): void {
  const stop = (code: number) => (): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    void stack.stop().finally(() => process.exit(code));
  };
  process.on('SIGINT', stop(130));
  process.on('SIGTERM', stop(143));
  process.on('SIGHUP', stop(129));
  process.on('disconnect', stop(143));
  // Whoever read our output has gone: `| head`.
  process.stdout.on('error', stop(141));
}

try {
  process.exitCode = await main();
} catch (error) {
  // What is measured dies under our hands while we are stopping: that is no finding.
  if (stopping.signal.aborted) await new Promise(() => undefined);
  throw error;
} finally {
  if (!stopping.signal.aborted && process.connected) {
    // We leave by ourselves: nobody above us has gone.
    process.removeAllListeners('disconnect');
    process.disconnect();
  }
}
