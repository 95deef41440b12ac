import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pause, recordOrigin, type IncomingRecord } from '#kafka';
import type { AppProcess } from '../system/app-process.js';
import { header, Installation, push } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { until } from '../system/until.js';
import { runOps, startOps } from './run-ops.js';

/** Everything that reprojecting must leave alone when nothing is wrong. */
const EVERYTHING = `SELECT message_key, status, final, recipient, reference, occurred_at, revision, version, facts::text, written_at
  FROM message ORDER BY message_key`;

/** Commands of ours that wait for a row. */
const WAITING = `SELECT 1 FROM pg_stat_activity
  WHERE wait_event_type = 'Lock' AND application_name = 'quittance-tool' AND datname = current_database()`;

const SCRATCH_SCHEMAS = `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'quittance_verify_%'`;

describe('what operators do with the tables', () => {
  let installation: Installation;
  let projector: AppProcess;
  let ingress: AppProcess;

  const ops = (...args: string[]) => runOps(installation.environment, args);
  const changes = () => installation.records('message-status.v1');

  beforeAll(async () => {
    installation = await Installation.create();
    ({ ingress, projector } = await installation.startAll());
    const up = {
      phone_number: '13700000001',
      content: 'TD',
      send_time: '2026-07-09 11:05:02',
      dest_code: '2493559',
      sequence_id: 1,
    };
    const sign = {
      sign_name: '示例科技',
      sign_status: 'approved',
      create_date: '2026-07-01 10:00:00',
      orderId: '20000000001',
    };
    expect((await push(ingress, 'sms-up', JSON.stringify([up]))).status).toBe(200);
    expect((await push(ingress, 'sign-report', JSON.stringify([sign]))).status).toBe(200);
    const reports = Array.from({ length: 300 }, () => smsReport());
    const pending = reports.map((report) => ({ ...report, success: false, err_code: 'REQUEST_SUCCESS' }));
    expect((await push(ingress, 'sms-report', JSON.stringify(pending))).status).toBe(200);
    // Each message is told of twice: what comes together would be one change.
    await installation.untilRows(300, 'SELECT 1 FROM message');
    for (const body of [reports, reports.slice(0, 50)]) {
      expect((await push(ingress, 'sms-report', JSON.stringify(body))).status).toBe(200);
    }
    expect((await push(ingress, 'sms-report', '[{"biz_id": tru')).status).toBe(200);
    await installation.untilRows(
      300,
      `SELECT 1 FROM message WHERE status = 'delivered' AND json_array_length(facts) = 2`,
    );
    await installation.untilRows(1, 'SELECT 1 FROM review');
    await installation.untilRows(1, 'SELECT 1 FROM mobile_originated');
    await until('every event is projected', async () => {
      const [row] = await installation.rows('SELECT sum(next_offset) AS sum FROM projector_offset');
      return Number(row?.sum) === (await installation.records('events.v1')).length;
    });
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  it('find answers where a message is and where a receipt is, and writes nothing', async () => {
    // Whoever looks needs no right to write.
    const readOnly = new URL(installation.databaseUrl);
    readOnly.searchParams.set('options', '-c default_transaction_read_only=on');
    const find = (...args: string[]) =>
      runOps({ ...installation.environment, DATABASE_URL: readOnly.href }, ['find', ...args]);
    const [one] = await installation.rows('SELECT message_id, recipient, occurred_at, revision FROM message LIMIT 1');
    const {
      message_id: messageId,
      recipient,
      occurred_at: occurredAt,
    } = one as Record<string, string> & { occurred_at: Date };

    const { code, lines } = await find('--message', messageId!);
    expect(lines[0]).toBe(`Delivered: the provider said delivered at ${occurredAt.toISOString()}.`);
    expect(code).toBe(0);
    // Each of the two facts, from the door to the subscribers; every position is that of a record.
    const told = Number(one!.revision);
    const topics = ['raw-receipts.v1', 'events.v1', 'message-status.v1'] as const;
    for (const topic of topics) {
      const positions = (await installation.records(topic)).map(recordOrigin);
      const shown = lines.flatMap((line) => line.match(/\S+\/\d+\/\d+/g) ?? []).filter((each) => each.includes(topic));
      expect([topic, new Set(shown).size]).toEqual([topic, topic === 'message-status.v1' ? told : 2]);
      expect(shown.filter((position) => !positions.includes(position))).toEqual([]);
    }
    expect(lines.filter((line) => / {2}(received|event|told|row) /.test(line))).toHaveLength(5 + told);
    expect(lines.join('\n')).not.toContain(recipient!.slice(4));

    const [broken] = (await installation.records('dead-letters.v1')).map((record) => header(record, 'receipt-id'));
    const receipt = await find('--receipt', broken!);
    expect(receipt.lines[0]).toMatch(
      /: nothing of it could be read\. 1 dead letters are open; the first: BODY_NOT_JSON/,
    );
    const nothing = await find('--message', 'nobody-knows-it');
    expect([nothing.code, nothing.lines[0]]).toEqual([1, 'Nothing is known of it: there is no message with this id.']);
  });

  it('verify finds nothing where nothing is wrong, and leaves nothing behind', async () => {
    const before = await installation.rows(EVERYTHING);
    const { code, lines } = await ops('verify');
    expect(lines.at(-1)).toBe('equal');
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/: 302 rows compared, 0 are older/);
    expect(lines.at(-2)).toMatch(/^checksum of 302 rows: states [0-9a-f]{32}, facts [0-9a-f]{32}$/);
    expect((await ops('verify', '--stored')).lines).toEqual(lines.slice(-2));
    expect(await installation.rows(EVERYTHING)).toEqual(before);
    expect(await installation.rows(SCRATCH_SCHEMAS)).toEqual([]);
  });

  it('reproject changes nothing and tells nobody, where nothing is wrong', async () => {
    const before = await installation.rows(EVERYTHING);
    const told = (await changes()).length;
    for (const args of [['reproject'], ['reproject', '--stored'], ['reproject', '--from', '2026-01-01T00:00:00Z']]) {
      const { code, lines } = await ops(...args);
      expect(lines).toEqual([expect.stringContaining('0 changes published')]);
      expect(code).toBe(0);
    }
    expect(await installation.rows(EVERYTHING)).toEqual(before);
    expect(await changes()).toHaveLength(told);
  });

  it('recover --rebuilt lets rows count on from what subscribers were told, and tells only what they were not', async () => {
    // As rows are that were made anew when their first events had left the topic.
    const [same, other] = await someMessages(2);
    await installation.rows('UPDATE message SET revision = 1 WHERE message_key = ANY ($1)', [
      [same!.message_key, other!.message_key],
    ]);
    await installation.rows(
      `UPDATE message SET status = 'sent', final = false, facts = (SELECT json_agg(fact)
        FROM json_array_elements(facts) AS fact WHERE fact #>> '{data,status}' <> 'delivered') WHERE message_key = $1`,
      [other!.message_key],
    );
    const told = await changes();
    const { code, lines } = await ops('recover', '--rebuilt');
    expect(lines.at(-2)).toBe('2 rows count on from what subscribers were told; 1 of them said something else');
    expect(code).toBe(0);
    const known = new Set(told.map(recordOrigin));
    const news = (await changes()).filter((record) => !known.has(recordOrigin(record)));
    expect(news.map((record) => header(record, 'ce_subject'))).toEqual([other!.message_key]);
    const revisions = await installation.rows(
      'SELECT revision FROM message WHERE message_key = ANY ($1) ORDER BY revision',
      [[same!.message_key, other!.message_key]],
    );
    expect(revisions).toEqual([{ revision: 2 }, { revision: 3 }]);
    expect((await ops('reproject')).lines).toEqual([expect.stringContaining('1 changes published, ')]);
    expect((await ops('verify')).lines.at(-1)).toBe('equal');
  });

  it('verify finds exactly the columns that somebody changed, shows nothing personal, and reproject mends them', async () => {
    const [a, b] = await someMessages(2);
    for (const how of [['reproject'], ['reproject', '--stored']]) {
      await installation.rows(`UPDATE message SET status = 'failed' WHERE message_key = $1`, [a!.message_key]);
      await installation.rows(`UPDATE message SET recipient = '+8613999999999' WHERE message_key = $1`, [
        b!.message_key,
      ]);
      const told = await changes();

      const found = await ops('verify');
      expect(found.code).toBe(1);
      const listed = found.lines.filter((line) => line.startsWith('message '));
      expect(listed).toHaveLength(2);
      expect(listed).toContain(`message ${a!.message_key} status: stored failed, its facts say delivered`);
      expect(listed.find((line) => line.includes(b!.message_key))).toMatch(
        /recipient: stored 14 characters #[0-9a-f]{8}, its facts say 14 characters #[0-9a-f]{8}$/,
      );
      expect(found.lines.at(-1)).toBe('2 differences in 2 rows');
      expect(found.lines.join()).not.toContain('9999999');

      const mended = await ops(...how);
      expect(mended.code).toBe(0);
      expect(mended.lines[0]).toMatch(/2 (?:rows )?mended/);
      const equal = await ops('verify');
      expect(equal.lines.at(-1)).toBe('equal');
      expect(equal.code).toBe(0);

      const news = (await changes()).filter((record) => !told.some((old) => origin(old) === origin(record)));
      expect(news.map((record) => header(record, 'ce_subject')).sort()).toEqual(
        [a!.message_key, b!.message_key].sort(),
      );
      for (const change of news) {
        const { revision, status } = read(change);
        const [row] = await installation.rows('SELECT revision FROM message WHERE message_key = $1', [
          header(change, 'ce_subject'),
        ]);
        expect(revision).toBe(row!.revision);
        expect(status).toBe('delivered');
        expect(told.some((old) => header(old, 'ce_id') === header(change, 'ce_id'))).toBe(false);
      }
    }
  });

  it('verify finds a lost row and lost facts, which only the topic still knows; reproject brings them back', async () => {
    const [a, b, c] = await someMessages(3);
    await installation.rows('DELETE FROM message WHERE message_key = $1', [a!.message_key]);
    await installation.rows(
      `UPDATE message SET facts = (SELECT json_agg(fact) FROM json_array_elements(facts) AS fact
          WHERE fact->'data'->>'status' = 'delivered'), version = version + 1 WHERE message_key = $1`,
      [b!.message_key],
    );
    await installation.rows(
      `UPDATE message SET message_key = '00000000-0000-5000-8000-000000000001' WHERE message_key = $1`,
      [c!.message_key],
    );
    const found = await ops('verify');
    expect(found.code).toBe(1);
    expect(found.lines.filter((line) => line.startsWith('message ')).sort()).toEqual(
      [
        `message ${a!.message_key} row: is missing; the topic holds 2 facts about it`,
        `message ${b!.message_key} facts: 1 facts of the topic are missing`,
        `message ${c!.message_key} row: is missing; the topic holds 2 facts about it`,
        `message 00000000-0000-5000-8000-000000000001 facts: 2 facts are not in the topic`,
      ].sort(),
    );
    expect((await ops('reproject')).code).toBe(0);
    await installation.rows(`DELETE FROM message WHERE message_key = '00000000-0000-5000-8000-000000000001'`);
    expect((await ops('verify')).lines.at(-1)).toBe('equal');
    // Its revisions begin anew: one for each of the two facts that changed it, in the order of the topic.
    const rebuilt = await installation.rows('SELECT status FROM message WHERE message_key = $1 AND revision <= 2', [
      a!.message_key,
    ]);
    expect(rebuilt).toEqual([{ status: 'delivered' }]);

    // Facts that nobody sent: emptied, they come back from the topic, and the revisions go on.
    const revision = async (): Promise<number> => {
      const [row] = await installation.rows('SELECT revision FROM message WHERE message_key = $1', [b!.message_key]);
      return row!.revision as number;
    };
    const before = await revision();
    await installation.rows(`UPDATE message SET facts = '[]', version = version + 1 WHERE message_key = $1`, [
      b!.message_key,
    ]);
    expect((await ops('reproject')).code).toBe(0);
    expect((await ops('verify')).lines.at(-1)).toBe('equal');
    expect(await revision()).toBeGreaterThan(before);
  });

  it('works on a live system', async () => {
    const pushing = new AbortController();
    const pushes = (async () => {
      while (!pushing.signal.aborted) {
        const reports = Array.from({ length: 20 }, () => smsReport());
        const pending = reports.map((report) => ({ ...report, success: false, err_code: 'REQUEST_SUCCESS' }));
        await push(ingress, 'sms-report', JSON.stringify(pending));
        await push(ingress, 'sms-report', JSON.stringify(reports));
        await pause(250, pushing.signal);
      }
    })();
    try {
      const results = [await ops('reproject'), await ops('verify'), await ops('reproject', '--stored')];
      expect(results.map(({ code, lines }) => ({ code, last: lines.at(-1) }))).toEqual([
        { code: 0, last: expect.stringContaining('0 rows mended') },
        { code: 0, last: 'equal' },
        { code: 0, last: expect.stringContaining('0 mended, 0 changes') },
      ]);
    } finally {
      pushing.abort();
      await pushes;
    }
    expect(await projector.ready()).toBe(true);
  });

  it('republish repeats the last change of each row, under its id and revision', async () => {
    const last = new Map<string, IncomingRecord>();
    const told = await installation.records('review-status.v1');
    for (const record of await changes()) last.set(header(record, 'ce_subject'), record);
    const [one] = await someMessages(1);
    const before = await changes();

    expect((await ops('republish', '--key', one!.message_key)).lines).toEqual(['republished 1 events']);
    const again = (await changes()).filter((record) => !before.some((old) => origin(old) === origin(record)));
    expect(again).toHaveLength(1);
    const original = last.get(one!.message_key)!;
    for (const name of ['ce_id', 'ce_source', 'ce_type', 'ce_subject', 'ce_time', 'ce_receiptid']) {
      expect([name, header(again[0]!, name)]).toEqual([name, header(original, name)]);
    }
    expect(again[0]!.key).toEqual(original.key);
    expect(read(again[0]!)).toEqual({ ...read(original), previousStatus: null });

    const reviews = await ops('republish', '--topic', 'review-status', '--topic', 'mobile-originated', '--rate', '500');
    expect(reviews.lines).toEqual(['republished 2 events']);
    const both = await installation.records('review-status.v1');
    expect(both).toHaveLength(2 * told.length);
    expect(header(both[1]!, 'ce_id')).toBe(header(both[0]!, 'ce_id'));
    const [received, repeated] = await installation.records('mobile-originated.v1');
    expect(repeated!.value!.toString()).toBe(received!.value!.toString());
    expect(repeated!.key).toEqual(received!.key);
    expect(header(repeated!, 'ce_id')).toBe(header(received!, 'ce_id'));
    expect((await ops('republish', '--status', 'failed')).lines).toEqual(['republished 0 events']);
    expect((await ops('republish', '--since', '2999-01-01T00:00:00Z')).lines).toEqual(['republished 0 events']);
    expect((await ops('republish', '--account', 'none')).lines).toEqual(['republished 0 events']);
  });

  it('republish tells what was never told under a new revision, so that no revision has two contents', async () => {
    const [column, derivation, hidden, untouched] = (await someMessages(4)).map(({ message_key }) => message_key);
    const keys = [column!, derivation!, hidden!, untouched!];
    const told = await changes();
    const update = (set: string, key: string | undefined) =>
      installation.rows(`UPDATE message SET ${set} WHERE message_key = $1`, [key]);
    // What an older version derived otherwise: in a column, and in what has none.
    await update(`provider_code = 'OLD'`, column);
    await update('derivation = 0', derivation);
    // Subscribers are not told of it.
    await update(`report_due_at = now()`, hidden);

    const revisions = async () =>
      (
        await installation.rows('SELECT message_key, revision FROM message WHERE message_key = ANY ($1::uuid[])', [
          keys,
        ])
      )
        .toSorted((a, b) => keys.indexOf(a.message_key as string) - keys.indexOf(b.message_key as string))
        .map(({ revision }) => revision as number);
    const before = await revisions();
    for (let times = 0; times < 2; times++) {
      expect((await ops('republish', '--topic', 'message-status')).code).toBe(0);
    }
    const after = await revisions();
    expect(after.map((revision, at) => revision - before[at]!)).toEqual([1, 1, 0, 0]);
    const again = (await changes()).filter(
      (record) => keys.includes(header(record, 'ce_subject')) && !told.some((old) => origin(old) === origin(record)),
    );
    expect(again).toHaveLength(2 * keys.length);
    for (const record of again) {
      expect(read(record).revision).toBe(after[keys.indexOf(header(record, 'ce_subject'))]);
      expect(read(record).providerCode).toBe('DELIVERED');
    }

    expect((await ops('reproject', '--stored')).lines[0]).toContain(': 1 mended, 0 changes published');
    expect(await revisions()).toEqual(after);
    expect((await ops('verify', '--stored')).lines.at(-1)).toBe('equal');
  });

  it('republish waits for whoever writes the row, so that it never repeats a state behind its successor', async () => {
    const [one] = await someMessages(1);
    const writer = new pg.Client({ connectionString: installation.environment.DATABASE_URL! });
    await writer.connect();
    try {
      await writer.query('BEGIN');
      await writer.query('UPDATE message SET revision = revision + 1, version = version + 1 WHERE message_key = $1', [
        one!.message_key,
      ]);
      const republishing = startOps(installation.environment, ['republish', '--key', one!.message_key]);
      await installation.untilRows(1, WAITING);
      await writer.query('COMMIT');
      expect((await republishing.ended).lines).toEqual(['republished 1 events']);
    } finally {
      await writer.end();
    }
    const ofIt = (await changes()).filter((record) => header(record, 'ce_subject') === one!.message_key);
    const last = ofIt.reduce((a, b) => (BigInt(a.offset) > BigInt(b.offset) ? a : b));
    expect(read(last).revision).toBe(one!.revision + 1);
  });

  it('stops at Ctrl-C and says how to go on', async () => {
    await installation.rows(`UPDATE message SET status = 'failed' WHERE status = 'delivered'`);
    const resumptions: string[][] = [];
    for (const how of [['reproject'], ['reproject', '--stored']]) {
      const holder = new pg.Client({ connectionString: installation.environment.DATABASE_URL! });
      await holder.connect();
      try {
        // Nothing is too quick to be seen: whatever is to be mended waits.
        await holder.query('BEGIN; SELECT 1 FROM message FOR SHARE');
        const running = startOps(installation.environment, how);
        await installation.untilRows(1, WAITING);
        running.send('SIGINT');
        const { code, lines, progress } = await running.ended;
        expect(code).toBe(2);
        expect(progress).toContain('stopped before the end');
        resumptions.push(/^stopped; to go on: npm run ops -- (.+)$/.exec(lines.at(-1)!)![1]!.split(' '));
      } finally {
        await holder.end();
      }
    }
    expect((await ops('verify', '--stored')).code).toBe(1);
    for (const resumption of resumptions) expect((await ops(...resumption)).code).toBe(0);
    expect((await ops('verify')).lines.at(-1)).toBe('equal');
  });

  it('verify leaves no schema behind when it is interrupted, and removes that of a run that was killed', async () => {
    const left: unknown[] = [];
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const verifying = startOps(installation.environment, ['verify']);
      const isNew = ({ nspname }: Record<string, unknown>): boolean => !left.includes(nspname);
      await until('there is a scratch schema', async () => (await installation.rows(SCRATCH_SCHEMAS)).some(isNew));
      verifying.send(signal);
      const { code } = await verifying.ended;
      expect(code).toBe(signal === 'SIGINT' ? 2 : null);
      left.push(...(await installation.rows(SCRATCH_SCHEMAS)).map(({ nspname }) => nspname));
      expect(left).toHaveLength(1);
    }
    expect(await installation.rows(SCRATCH_SCHEMAS)).toEqual([]);
  });

  it('says how it is used, and what is missing', async () => {
    expect(await ops()).toMatchObject({ code: 2, progress: expect.stringContaining('Usage') });
    expect(await ops('reproject', '--partitions', '99')).toMatchObject({
      code: 2,
      progress: expect.stringContaining('has no partition 99'),
    });
    const nowhere = { ...installation.environment, KAFKA_BROKERS: '' };
    expect(await runOps(nowhere, ['verify'])).toMatchObject({
      code: 2,
      progress: expect.stringContaining('KAFKA_BROKERS'),
    });
  });

  async function someMessages(count: number): Promise<{ message_key: string; revision: number }[]> {
    const rows = await installation.rows(
      `SELECT message_key, revision FROM message WHERE status = 'delivered' AND json_array_length(facts) = 2 ORDER BY message_key LIMIT ${count}`,
    );
    return rows as unknown as { message_key: string; revision: number }[];
  }
});

function read(record: IncomingRecord): Record<string, unknown> {
  return JSON.parse(record.value!.toString()) as Record<string, unknown>;
}

function origin({ partition, offset }: IncomingRecord): string {
  return `${partition}/${offset}`;
}
