import type { BenchStack } from '../bench-stack.js';
import type { BenchOptions } from '../command-line.js';
import { Installation } from '../installation.js';
import type { Measurement } from '../measurement.js';
import { bytesOnDisk } from './disk.js';
import { fillRawTopic } from './fill.js';
import { watch } from './progress.js';
import { cost, costs, rate, readings } from './stage-costs.js';
import { measuredTracing, type MeasuredTracing } from '../tracing.js';
import { committed, number } from './stored.js';

/** Receipts per body that are measured; the projector sees no difference, so it is measured with the first. */
const PER_BODY = [1, 100];

/**
 * How fast a full topic is worked off, each stage alone: receipts to events, then events to committed rows and published
 * changes. Every receipt is about a message of its own.
 */
export async function measurePipeline(
  stack: BenchStack,
  { receipts, onlyNormalise, profileDirectory, traced }: BenchOptions,
  repetition: number,
  report: (measurement: Measurement) => void,
): Promise<void> {
  const tracing = await measuredTracing(traced);
  for (const perBody of PER_BODY) {
    const name = `pipeline_${repetition}_per_${perBody}`;
    const installation = await Installation.create(stack, name, profileDirectory);
    try {
      await fillRawTopic(installation, receipts, perBody, traced);
      const normalised = await normalise(stack, installation, receipts, tracing.environment);
      report({ measure: 'normalise', variant: `${perBody} per body`, repetition, ...normalised });
      if (onlyNormalise || perBody !== PER_BODY[0]) continue;
      const projected = await project(stack, installation, receipts, tracing.environment);
      report({ measure: 'project', variant: 'with publishing', repetition, ...projected });
      const disk = await bytesOnDisk(installation, receipts);
      report({ measure: 'disk', variant: 'one receipt', repetition, values: disk, problems: [] });
      const audited = await audit(stack, installation, receipts);
      report({ measure: 'ledger', variant: 'receipts and events', repetition, ...audited });
    } finally {
      await installation.close();
    }
  }
  await tracing.close();
}

type Outcome = Pick<Measurement, 'values' | 'problems'>;

async function normalise(
  stack: BenchStack,
  installation: Installation,
  receipts: number,
  environment: MeasuredTracing['environment'],
): Promise<Outcome> {
  const app = await installation.launch('normaliser', environment);
  const progress = await watch(() => installation.count('events.v1'), receipts, readings(stack, app.pid)).finally(
    app.stop,
  );
  const deadLetters = await installation.count('dead-letters.v1');
  const problems = [
    ...(progress.total === receipts ? [] : [`${progress.total} events of ${receipts} receipts`]),
    ...(deadLetters === 0 ? [] : [`${deadLetters} dead letters`]),
  ];
  return { values: { receipts_s: rate(progress), ...costs(progress) }, problems };
}

async function project(
  stack: BenchStack,
  installation: Installation,
  events: number,
  environment: MeasuredTracing['environment'],
): Promise<Outcome> {
  const app = await installation.launch('projector', environment);
  const progress = await watch(() => committed(installation), events, readings(stack, app.pid)).finally(app.stop);
  const rows = await number(installation, 'SELECT count(*) AS number FROM message');
  const changes = await installation.count('message-status.v1');
  const problems = [
    ...(rows === events ? [] : [`${rows} rows of ${events} events`]),
    ...(changes === events ? [] : [`${changes} changes published of ${events} events`]),
  ];
  return {
    values: { events_s: rate(progress), ...costs(progress), postgres_cpu_s_per_million: cost(progress, 'postgres') },
    problems,
  };
}

/** What the ledger costs a projector that has nothing else to do. How fast it is tells nothing: it keeps to a pace. */
async function audit(stack: BenchStack, installation: Installation, receipts: number): Promise<Outcome> {
  const wanted = (await installation.count('raw-receipts.v1')) + (await installation.count('events.v1'));
  const app = await installation.launch('projector', { LEDGER: 'on' });
  const read = 'SELECT coalesce(sum(next_offset), 0) AS number FROM ledger_offset';
  const progress = await watch(() => number(installation, read), wanted, readings(stack, app.pid)).finally(app.stop);
  const ended = await number(installation, 'SELECT coalesce(sum(bit_count(projected)), 0) AS number FROM ledger_block');
  const problems = ended === receipts ? [] : [`${ended} ended of ${receipts} receipts`];
  const perReceipt = { ...progress, done: (progress.done * receipts) / wanted };
  return {
    values: { ...costs(perReceipt), postgres_cpu_s_per_million: cost(perReceipt, 'postgres') },
    problems,
  };
}
