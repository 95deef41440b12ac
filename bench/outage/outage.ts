import { setTimeout as delay } from 'node:timers/promises';
import type { BenchServers, BenchStack } from '../bench-stack.js';
import type { BenchOptions } from '../command-line.js';
import { Installation } from '../installation.js';
import { rounded, type Measurement } from '../measurement.js';
import { residentMebibytes } from '../memory.js';
import { untilSettled } from '../million/settled.js';
import { cost, costs, rate as rateOf, readings } from '../pipeline/stage-costs.js';
import { catchUp } from './catch-up.js';
import { LiveFeed } from './live-feed.js';
import { compareRows } from './rows.js';

/** Servers of which Postgres can be taken away and brought back. */
export type OutageServers = BenchServers &
  Pick<BenchStack, 'kafkaPid' | 'postgresPid' | 'killPostgres' | 'startPostgres'>;

/** The projector is at the end of its topic when it is behind by no more than what comes in this time, seconds. */
const AT_THE_END = 1;
/** Between two lines that say how far it is, ms. */
const BETWEEN_LOOKS = 500;

/**
 * An outage of Postgres under live traffic, which goes on throughout: how large the backlog is when Postgres is back, how
 * fast it is worked off beside the live events, by a projector that nobody touches, and whether every receipt is a row
 * in the end. The ledger is kept, as in production: it has a backlog too.
 */
export async function measureOutage(
  servers: OutageServers,
  { seconds, outage, rate, profileDirectory }: Pick<BenchOptions, 'seconds' | 'outage' | 'rate' | 'profileDirectory'>,
  repetition: number,
  report: (measurement: Measurement) => void,
  onProgress: (text: string) => void,
): Promise<void> {
  const installation = await Installation.create(servers, `outage_${repetition}`, profileDirectory);
  const normaliser = await installation.start('normaliser');
  const projector = await installation.start('projector', { LEDGER: 'on' });
  const feed = new LiveFeed(installation, rate);
  const goOn = async (what: string, forSeconds: number): Promise<void> => {
    const until = performance.now() + forSeconds * 1_000;
    for (let left = until - performance.now(); left > 0; left = until - performance.now()) {
      onProgress(`${what}, ${Math.ceil(left / 1_000)} s more: ${shown(feed.accepted)} receipts accepted`);
      await delay(Math.min(left, BETWEEN_LOOKS));
    }
  };
  const reachTheEnd = (what: string) =>
    catchUp(installation, rate * AT_THE_END, readings(servers, projector.pid), (behind) => {
      onProgress(`${what}: ${shown(feed.accepted)} receipts accepted, ${shown(behind)} events not projected`);
    });
  try {
    await reachTheEnd('beginning');
    await goOn('live', seconds);
    const before = residentMebibytes(projector.pid);
    const goneAt = performance.now();
    await servers.killPostgres();
    await goOn('Postgres is away', outage);
    const startedAt = performance.now();
    await servers.startPostgres();
    const backAt = performance.now();
    const atReturn = residentMebibytes(projector.pid);

    const worked = await reachTheEnd('Postgres is back');
    const live = feed.accepted / feed.seconds;
    await feed.stop();
    const { accepted } = feed;
    await untilSettled(
      installation,
      () => Promise.resolve(true),
      ({ events, projected }) => {
        onProgress(`last receipts: ${shown(events - projected)} events not projected`);
      },
    );
    onProgress('comparing rows');
    const { rows, wrong } = await compareRows(installation, accepted);
    const changes = await installation.count('message-status.v1');
    const deadLetters = await installation.count('dead-letters.v1');

    // Both against what was asked for: had less come, it would not be to the projector's advantage.
    const shrank = (worked.backlog - worked.left) / worked.seconds;
    report({
      measure: 'outage',
      variant: `Postgres away for ${outage} s, ${shown(rate)} live receipts a second`,
      repetition,
      values: {
        live_s: rounded(live),
        outage_s: rounded((backAt - goneAt) / 1_000),
        recovery_s: rounded((backAt - startedAt) / 1_000),
        backlog_events: worked.backlog,
        at_the_end_after_s: rounded(worked.seconds),
        rows_s: rateOf(worked),
        rows_times_live: rounded(worked.done / worked.seconds / rate),
        backlog_shrank_s: rounded(shrank),
        backlog_times_live: rounded(shrank / rate),
        ...costs(worked),
        postgres_cpu_s_per_million: cost(worked, 'postgres'),
        rss_mib_before: before,
        rss_mib_at_return: atReturn,
        accepted,
        rows,
        rows_wrong: wrong,
      },
      problems: [
        ...(wrong === 0 ? [] : [`${wrong} of ${accepted} accepted receipts are not the row that they should be`]),
        ...(rows === accepted ? [] : [`${rows} rows of ${accepted} accepted receipts`]),
        ...(changes < accepted ? [`${changes} changes published of ${accepted} receipts`] : []),
        ...(deadLetters === 0 ? [] : [`${deadLetters} dead letters`]),
      ],
    });
  } finally {
    await feed.stop();
    // It says so when one of them had ended by itself.
    await projector.stop();
    await normaliser.stop();
    await installation.close();
  }
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}
