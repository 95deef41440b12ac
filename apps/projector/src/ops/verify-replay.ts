import type { ClientBase, Pool } from 'pg';
import { topicOffsets, type IncomingRecord, type Stretch } from '#kafka';
import { StartError } from '#runtime';
import { query } from '../store/query.js';
import { inTransaction } from '../store/transaction.js';
import { compareWithReplay } from './compare-rows.js';
import type { Differences } from './differences.js';
import { goOnUnless } from './interruption.js';
import { KINDS, type Kind } from '../kinds.js';
import type { OpsContext } from './ops-context.js';
import { fractionOfKeys } from './progress.js';
import { insist, replayRecords, type Replayed } from './replay.js';
import type { ScratchSchema } from './scratch-schema.js';
import { readKeys, readPage, type StoredRow } from './stored-rows.js';
import { TopicReach } from './topic-reach.js';
import { replayTopic } from './topic-replay.js';

/** What comparing with the topic came to. */
export interface ReplayVerified {
  readonly events: number;
  /** Rows compared whole. */
  readonly rows: number;
  /** Rows of which the topic no longer holds everything. */
  readonly older: number;
}

const ROWS_A_PAGE = 200;
/** So few events may be left for the snapshot: a second or two. */
const CLOSE_ENOUGH = 5_000;
/** Keys that are looked at once more at the end. More means that rows change faster than they can be compared. */
const MOST_SUSPECTS = 500_000;

type Positions = ReadonlyMap<number, bigint>;

/**
 * Replays what the projectors have worked off into a scratch schema and compares row by row. Rows that differ may have
 * changed since: they are looked at again at the end, in one snapshot of rows and positions, up to which the replay is
 * brought first; so what then differs, differs.
 */
export async function verifyReplay(
  context: OpsContext,
  scratch: ScratchSchema,
  differences: Differences,
): Promise<ReplayVerified> {
  const replay = new ScratchReplay(context, scratch.pool);
  await replay.catchUp(await positions(context.pool, context));
  await approach(context, replay);

  const counts = { rows: 0, older: 0 };
  const suspects = new Map<Kind, string[]>();
  for (const kind of KINDS) suspects.set(kind, await compareTables(context, scratch.pool, kind, replay.reach, counts));

  // A snapshot keeps the server from tidying up behind it: the way that is left should be short.
  await approach(context, replay);
  await inTransaction(context.pool, async (live) => {
    await query(live, { text: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY' });
    await replay.catchUp(await positions(live, context));
    for (const [kind, keys] of suspects) {
      for (let at = 0; at < keys.length; at += ROWS_A_PAGE) {
        goOnUnless(context.signal);
        const some = keys.slice(at, at + ROWS_A_PAGE);
        const rows = byKey(await readKeys(live, kind.table, some));
        const replayed = byKey(await readKeys(scratch.pool, kind.table, some));
        for (const key of some) {
          const [row, other] = [rows.get(key) ?? null, replayed.get(key) ?? null];
          if (row === null && other === null) continue;
          const comparison = compareWithReplay(row, other, kind, replay.reach);
          if (comparison.isOlder) counts.older += 1;
          else counts.rows += 1;
          for (const difference of comparison.differences) differences.add(difference);
        }
      }
    }
  });
  return { events: replay.events, ...counts };
}

/** Brings the replay close to where the projectors are, or as close as it gets while they work. */
async function approach(context: OpsContext, replay: ScratchReplay): Promise<void> {
  for (let before = Infinity; ;) {
    const now = await positions(context.pool, context);
    const behind = replay.behind(now);
    if (behind <= CLOSE_ENOUGH || behind > before / 2) return;
    await replay.catchUp(now);
    before = behind;
  }
}

/** Walks both tables side by side, in the order of keys; gives the keys that seem to differ. */
async function compareTables(
  context: OpsContext,
  scratch: Pool,
  kind: Kind,
  reach: TopicReach,
  counts: { rows: number; older: number },
): Promise<string[]> {
  const progress = context.progress(`comparing ${kind.table.table}`, 'rows');
  const live = new RowStream(context, context.pool, kind);
  const replayed = new RowStream(context, scratch, kind);
  const suspects: string[] = [];
  for (let count = 1; ; count++) {
    const [row, other] = [await live.peek(), await replayed.peek()];
    if (row === null && other === null) break;
    const key = [row?.key, other?.key].filter((each) => each !== undefined).sort()[0]!;
    const comparison = compareWithReplay(row?.key === key ? row : null, other?.key === key ? other : null, kind, reach);
    if (comparison.differences.length > 0) suspects.push(key);
    else if (comparison.isOlder) counts.older += 1;
    else counts.rows += 1;
    if (suspects.length > MOST_SUSPECTS) {
      throw new StartError(
        `more than ${MOST_SUSPECTS} rows of ${kind.table.table} differ: stop the projectors, and verify again`,
      );
    }
    if (row?.key === key) live.next();
    if (other?.key === key) replayed.next();
    progress.report(count, fractionOfKeys(key));
  }
  progress.end();
  return suspects;
}

/** Rows of a table in the order of their keys, read page by page. */
class RowStream {
  readonly #context: OpsContext;
  readonly #client: Pool;
  readonly #kind: Kind;
  #page: readonly StoredRow[] = [];
  #at = 0;
  #last: string | null = null;
  #ended = false;

  constructor(context: OpsContext, client: Pool, kind: Kind) {
    this.#context = context;
    this.#client = client;
    this.#kind = kind;
  }

  async peek(): Promise<StoredRow | null> {
    if (this.#at === this.#page.length && !this.#ended) {
      goOnUnless(this.#context.signal);
      const after = this.#last;
      const read = () => readPage(this.#client, this.#kind.table, { after, limit: ROWS_A_PAGE });
      this.#page = await insist(this.#context.signal, read);
      this.#at = 0;
      this.#last = this.#page.at(-1)?.key ?? null;
      this.#ended = this.#page.length === 0;
    }
    return this.#page[this.#at] ?? null;
  }

  next(): void {
    this.#at += 1;
  }
}

/** The replay into the scratch tables: how far it is, and what it has seen of the topic. */
class ScratchReplay {
  readonly #context: OpsContext;
  readonly #pool: Pool;
  readonly #next = new Map<number, bigint>();
  readonly reach = new TopicReach();
  events = 0;

  constructor(context: OpsContext, pool: Pool) {
    this.#context = context;
    this.#pool = pool;
  }

  /** Events between here and there. */
  behind(to: Positions): number {
    let count = 0n;
    for (const [partition, next] of to) count += next - (this.#next.get(partition) ?? 0n);
    return Number(count);
  }

  /**
   * Replays up to these positions.
   * @throws StartError when they lie outside the topic
   */
  async catchUp(to: Positions): Promise<void> {
    const offsets = await topicOffsets(this.#context.kafka, this.#context.topics['events.v1']);
    this.reach.noteOffsets(offsets);
    const stretches = new Map<number, Stretch>();
    for (const [partition, { low, high }] of offsets) {
      const next = to.get(partition) ?? 0n;
      if (next > high) throw new StartError(`the position of partition ${partition}, ${next}, lies outside the topic`);
      const from = this.#next.get(partition) ?? low;
      if (from < next) stretches.set(partition, { from, to: next });
      this.#next.set(partition, next > from ? next : from);
    }
    const { records } = await replayTopic(this.#context, {
      stretches,
      progress: this.#context.progress('replaying', 'events'),
      replay: (batch) => this.#replay(batch),
    });
    this.events += records;
    goOnUnless(this.#context.signal);
  }

  #replay(records: readonly IncomingRecord[]): Promise<Replayed> {
    this.reach.noteRecords(records);
    const publishNothing = () => Promise.resolve({ changes: 0, mended: 0 });
    return replayRecords(records, this.#pool, publishNothing, this.#context.erasures, this.#context.signal);
  }
}

async function positions(client: ClientBase | Pool, { topics }: OpsContext): Promise<Positions> {
  const { rows } = await query<{ partition: number; next_offset: string }>(client, {
    text: 'SELECT partition, next_offset FROM projector_offset WHERE topic = $1',
    values: [topics['events.v1']],
  });
  return new Map(rows.map(({ partition, next_offset }) => [partition, BigInt(next_offset)]));
}

function byKey(rows: readonly StoredRow[]): Map<string, StoredRow> {
  return new Map(rows.map((row) => [row.key, row]));
}
