import type { HourOfAccepted, HourOfReceipts } from '../ledger/balance.js';
import type { Awaited } from '../ledger/reckoning.js';

/** The account of one source and hour: what went in, what came out, and where the difference is. Numbers of receipts. */
export interface HourAccount {
  /** RFC 3339, UTC, milliseconds. */
  readonly hour: string;
  readonly source: string;
  /** Acknowledged by the ingress, as far as it counted. */
  readonly accepted: number;
  /** False: some start of the ingress has not said its last word about this hour, or never could. */
  readonly acceptedIsWhole: boolean;
  /** In Kafka, sent in again by operators or not. */
  readonly published: number;
  readonly redriven: number;
  /** Read by the normaliser. */
  readonly normalised: number;
  readonly projected: number;
  readonly deadLettered: number;
  readonly empty: number;
  /** Acknowledged, and not in Kafka. */
  readonly notInKafka: number;
  /** In Kafka, and not read by the normaliser. */
  readonly unread: number;
  /** Read by the normaliser, and not yet known to have ended: because the projector or the ledger is behind. */
  readonly onTheWay: number;
  /** Read by the normaliser, and ended nowhere. Null: not known yet. */
  readonly missing: number | null;
}

const NOTHING = { published: 0, redriven: 0, projected: 0, deadLettered: 0, empty: 0, open: 0, unread: 0 };

/** @param awaited who is behind; null: whatever is open, and was read by the normaliser, is missing */
export function accountOf(
  receipts: HourOfReceipts | undefined,
  accepted: HourOfAccepted | undefined,
  awaited: Awaited | null,
): HourAccount {
  const { hour, source } = (receipts ?? accepted)!;
  const { published, redriven, projected, deadLettered, empty, open, unread } = receipts ?? NOTHING;
  const behind = open - unread;
  return {
    hour: hour.toISOString(),
    source,
    accepted: accepted?.receipts ?? 0,
    acceptedIsWhole: accepted?.final ?? false,
    published,
    redriven,
    normalised: published - unread,
    projected,
    deadLettered,
    empty,
    notInKafka: Math.max(0, (accepted?.receipts ?? 0) - (published - redriven)),
    unread,
    onTheWay: awaited === null ? 0 : behind,
    missing: awaited === null ? behind : null,
  };
}

const HEAD = ['hour', 'source', 'accepted', 'published', 'normalised', 'projected', 'dead letters', 'empty', 'where'];
/** The columns that hold numbers. */
const FIRST_NUMBER = 2;
const LAST_NUMBER = 7;

/** The accounts as lines of a table for people, its head first. */
export function ledgerTable(accounts: readonly HourAccount[]): string[] {
  const rows = [HEAD, ...accounts.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column >= FIRST_NUMBER && column <= LAST_NUMBER ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}

function cellsOf(account: HourAccount): string[] {
  return [
    account.hour.replace(':00.000Z', 'Z'),
    account.source === '' ? '(none)' : account.source,
    `${account.acceptedIsWhole ? '' : '≥'}${account.accepted}`,
    account.redriven === 0 ? String(account.published) : `${account.published} (${account.redriven} redriven)`,
    String(account.normalised),
    String(account.projected),
    String(account.deadLettered),
    String(account.empty),
    whereOf(account),
  ];
}

function whereOf({
  missing,
  notInKafka,
  unread,
  onTheWay,
  accepted,
  acceptedIsWhole,
  published,
  redriven,
}: HourAccount): string {
  const surplus = published - redriven - accepted;
  const places = [
    notInKafka > 0 ? `${notInKafka} accepted and not in Kafka: in a spool, or lost` : '',
    unread > 0 ? `${unread} wait for the normaliser` : '',
    onTheWay > 0 ? `${onTheWay} on their way to the tables` : '',
    (missing ?? 0) > 0 ? `${missing} MISSING after the normaliser` : '',
    acceptedIsWhole && surplus > 0 ? `${surplus} in Kafka beyond what was acknowledged` : '',
  ].filter((place) => place !== '');
  if (places.length > 0) return places.join('; ');
  return missing === null ? 'even so far' : 'even';
}
