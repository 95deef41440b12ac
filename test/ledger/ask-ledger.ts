import pg from 'pg';
import { topicNames } from '#contracts';
import { TopicIdentities } from '#kafka';
import { ledger, type LedgerVerdict } from '../../apps/projector/src/ops/ledger.js';
import type { HourAccount } from '../../apps/projector/src/ops/ledger-account.js';
import type { Installation } from '../system/installation.js';
import { silentLogger } from '../system/silent-logger.js';

/** All hours of an account together. */
export type Sum = Readonly<Omit<HourAccount, 'hour' | 'source' | 'acceptedIsWhole'>>;

/** What the ledger says. */
export interface LedgerAnswer {
  readonly verdict: LedgerVerdict;
  readonly awaited: string | null;
  readonly missing: readonly string[];
  readonly acceptedIsWhole: boolean;
  readonly sum: Sum;
}

/** What is not where it should be: nothing. */
export const EVEN = { redriven: 0, notInKafka: 0, unread: 0, onTheWay: 0, missing: 0 } as const;

/** Everything there is. */
const ALWAYS = { from: new Date(0), to: new Date(Date.UTC(9999, 0)) };

/**
 * Asks as the command does, without a process of its own; hours are added up, since a test may run across the end of one.
 * @param wait for what is not noted yet, ms
 */
export async function askLedger(
  installation: Pick<Installation, 'environment' | 'databaseUrl' | 'kafka'>,
  wait = 60_000,
): Promise<LedgerAnswer> {
  const lines: string[] = [];
  const topicPrefix = installation.environment.TOPIC_PREFIX!;
  const pool = new pg.Pool({ connectionString: installation.databaseUrl, max: 1 });
  const identities = new TopicIdentities(installation.kafka, silentLogger);
  try {
    const verdict = await ledger(
      {
        kafka: installation.kafka,
        topicPrefix,
        topics: topicNames(topicPrefix),
        identities,
        pool,
        print: (line) => lines.push(line),
        signal: new AbortController().signal,
      },
      { range: ALWAYS, source: null, wait, json: true },
    );
    const { awaited, hours, missing } = JSON.parse(lines[0]!) as {
      readonly awaited: string | null;
      readonly hours: readonly HourAccount[];
      readonly missing: readonly string[];
    };
    const acceptedIsWhole = hours.every((hour) => hour.acceptedIsWhole);
    return { verdict, awaited, missing, acceptedIsWhole, sum: sumOf(hours) };
  } finally {
    await identities.close();
    await pool.end();
  }
}

function sumOf(hours: readonly HourAccount[]): Sum {
  const sum = (of: (account: HourAccount) => number | null) => hours.reduce((all, hour) => all + (of(hour) ?? 0), 0);
  return {
    accepted: sum(({ accepted }) => accepted),
    published: sum(({ published }) => published),
    redriven: sum(({ redriven }) => redriven),
    normalised: sum(({ normalised }) => normalised),
    projected: sum(({ projected }) => projected),
    deadLettered: sum(({ deadLettered }) => deadLettered),
    empty: sum(({ empty }) => empty),
    notInKafka: sum(({ notInKafka }) => notInKafka),
    unread: sum(({ unread }) => unread),
    onTheWay: sum(({ onTheWay }) => onTheWay),
    missing: sum(({ missing }) => missing),
  };
}
