import { setTimeout as sleep } from 'node:timers/promises';
import {
  readAccepted,
  readHours,
  readOpen,
  type HourOfAccepted,
  type HourOfReceipts,
  type HourRange,
  type OpenReceipts,
} from '../ledger/balance.js';
import { LedgerStore } from '../ledger/ledger-store.js';
import { Reckoner, type Awaited, type Reckoning } from '../ledger/reckoning.js';
import { goOnUnless } from './interruption.js';
import { accountOf, ledgerTable, type HourAccount } from './ledger-account.js';
import type { OpsContext } from './ops-context.js';

/** What of the ledger is shown. */
export interface LedgerQuestion {
  readonly range: HourRange;
  /** Null: every source. */
  readonly source: string | null;
  /** How long what is not noted yet is waited for, ms. */
  readonly wait: number;
  /** As JSON, for programs. */
  readonly json: boolean;
}

type LedgerContext = Pick<OpsContext, 'kafka' | 'topicPrefix' | 'topics' | 'identities' | 'pool' | 'print' | 'signal'>;

/**
 * How the hours come out. `missing`: receipts came to no end, or are not in Kafka, or not yet. `unknown`: not everything
 * has been noted yet that was there when it was asked.
 */
export type LedgerVerdict = 'even' | 'missing' | 'unknown';

/** ms */
const ASK_EVERY = 250;
/** Rows of the ledger whose missing receipts are named, and positions in all. */
const MOST_ROWS = 1_000;
const NAMED = 100;

/**
 * Shows for each source and hour whether what went in came out, and where the difference is. On a live system what comes
 * in meanwhile is on its way; what it shows as missing is missing.
 */
export async function ledger(
  context: LedgerContext,
  { range, source, wait, json }: LedgerQuestion,
): Promise<LedgerVerdict> {
  const { kafka, pool, topicPrefix, topics, identities } = context;
  const identify = (topic: string) => identities.current(topic);
  const reckoner = new Reckoner({ kafka, topicPrefix, store: new LedgerStore(pool), identify });
  // Before all else: what has been acknowledged by now is in the topic by now, or in a spool, or lost.
  const accepted = await readAccepted(pool, range);
  const reckoning = await reckoner.take();
  const awaited = await untilNoted(reckoner, reckoning, wait, context.signal);
  const hours = await readHours(pool, reckoning, range);
  const open = awaited === null ? await readOpen(pool, reckoning, { range, source }, MOST_ROWS) : [];
  const isWanted = (of: { readonly source: string }) => source === null || of.source === source;
  const accounts = accountsOf(hours.filter(isWanted), accepted.filter(isWanted), awaited);
  const missing = positionsOf(open, topics['raw-receipts.v1'], reckoning);
  show(context, { accounts, missing, awaited, json });
  return verdictOf(accounts, awaited);
}

/** @returns who is still waited for when the wait is over; null: nobody */
async function untilNoted(
  reckoner: Reckoner,
  reckoning: Reckoning,
  wait: number,
  signal: AbortSignal,
): Promise<Awaited | null> {
  const deadline = performance.now() + wait;
  for (;;) {
    goOnUnless(signal);
    const awaited = await reckoner.awaits(reckoning);
    if (awaited === null || performance.now() >= deadline) return awaited;
    await sleep(ASK_EVERY);
  }
}

function accountsOf(
  hours: readonly HourOfReceipts[],
  accepted: readonly HourOfAccepted[],
  awaited: Awaited | null,
): HourAccount[] {
  const nameOf = ({ source, hour }: { readonly source: string; readonly hour: Date }) =>
    `${hour.toISOString()} ${source}`;
  const receiptsOf = new Map(hours.map((of) => [nameOf(of), of]));
  const acceptedOf = new Map(accepted.map((of) => [nameOf(of), of]));
  const names = [...new Set([...receiptsOf.keys(), ...acceptedOf.keys()])].sort();
  return names.map((name) => accountOf(receiptsOf.get(name), acceptedOf.get(name), awaited));
}

function positionsOf(open: readonly OpenReceipts[], rawTopic: string, { rawTopicId }: Reckoning): string[] {
  return open.flatMap(({ topicId, partition, offsets }) =>
    offsets.map((offset) => {
      const position = `${rawTopic}/${partition}/${offset}`;
      return topicId === rawTopicId ? position : `${position} (of the topic that had the id ${topicId})`;
    }),
  );
}

function verdictOf(accounts: readonly HourAccount[], awaited: Awaited | null): LedgerVerdict {
  if (awaited !== null) return 'unknown';
  return accounts.some(({ missing, notInKafka }) => missing !== 0 || notInKafka > 0) ? 'missing' : 'even';
}

interface Shown {
  readonly accounts: readonly HourAccount[];
  readonly missing: readonly string[];
  readonly awaited: Awaited | null;
  readonly json: boolean;
}

function show({ print }: LedgerContext, { accounts, missing, awaited, json }: Shown): void {
  if (json) {
    print(JSON.stringify({ awaited, hours: accounts, missing }));
    return;
  }
  for (const line of ledgerTable(accounts)) print(line);
  for (const position of missing.slice(0, NAMED)) print(`missing: ${position}`);
  if (missing.length > NAMED) print(`missing: ${missing.length - NAMED} more; narrow the hours or the source`);
  if (awaited === 'the projector') print('the projector is behind: nobody can tell yet what is missing');
  if (awaited === 'the ledger') {
    print('the ledger is behind: nobody can tell yet what is missing (does a projector with LEDGER=on run?)');
  }
}
