import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { encodeEvent } from '#contracts';
import { GroupCommitProducer, type IncomingRecord, type OutgoingRecord } from '#kafka';
import { forgetGone } from '../../apps/projector/src/dead-letters/forget-gone.js';
import { report, uuid } from '../storage/reports.js';
import type { AppProcess } from '../system/app-process.js';
import { header, Installation, push, TOKEN } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { runOps, startOps } from './run-ops.js';

const KEY = 'a-key-of-the-tests-that-is-long-enough-00000';

/** Somebody who is erased while what she wrote is a dead letter. */
const ERASED = '13711110001';
const OTHER = '13711110002';
/** What no command may show unless it is asked for. */
const PERSONAL = /1371111000|Where is my parcel|13800009999/;

const ALIBABA = { provider: 'alibaba' };
const source = (id: string, receipt: string) => ({ id, account: 'main', receipt, http: { tokens: [TOKEN] } });

const RIGHT = {
  accounts: { main: ALIBABA, second: ALIBABA },
  sources: [source('sms-report', 'SmsReport'), source('sms-up', 'SmsUp'), source('sign-report', 'SignSmsReport')],
};
/** What somebody rolled out by mistake: a source and an account are missing, and a source is of another type. */
const WRONG = {
  accounts: { main: ALIBABA },
  sources: [source('sms-report', 'SignSmsReport'), source('sign-report', 'SignSmsReport')],
};

/** What must not change. Which copy of a fact speaks for its position is the only thing that may. */
const STATES = `SELECT message_key, status, recipient, reference, occurred_at, revision,
    (SELECT json_agg(fact->'data') FROM json_array_elements(facts) AS fact)::text AS facts FROM message ORDER BY message_key`;

describe('dead letters', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quittance-dead-letters-'));
  let installation: Installation;
  let ingress: AppProcess;
  let normaliser: AppProcess;
  let projector: AppProcess;

  const env = () => ({ ...installation.environment, ERASURE_KEY: KEY });
  const ops = (...args: string[]) => runOps(env(), args);
  const letters = (...args: string[]) => ops('dead-letters', ...args);
  const listed = async (...args: string[]) =>
    (await letters('list', '--json', ...args)).lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  /** As the table says, where no projector has to enter anything first. */
  const stored = (condition: string) =>
    installation.rows(
      `SELECT concat(partition, '/', record_offset) AS id, * FROM dead_letter WHERE ${condition} ORDER BY 1`,
    );
  const reports = [smsReport(), smsReport({ phone_number: OTHER })];

  async function publish(records: readonly OutgoingRecord[]): Promise<void> {
    const producer = new GroupCommitProducer({ kafka: installation.kafka, logger: silentLogger });
    try {
      await producer.publishAll(records);
    } finally {
      await producer.close();
    }
  }

  /** An event that a projector with a defect could not project. */
  function unexplained(message: number): OutgoingRecord {
    const { key, value, headers } = encodeEvent(report(message, { recipient: '+8613800009999' }));
    return {
      topic: installation.topic('dead-letters.v1'),
      key,
      value,
      headers: {
        ...headers,
        'dead-letter-code': 'UNEXPLAINED',
        'dead-letter-detail': 'TypeError',
        'dead-letter-stage': 'projector',
        'dead-letter-at': new Date().toISOString(),
        'dead-letter-origin': `${installation.topic('events.v1')}/0/0`,
        'dead-letter-reader': '0.0.1',
      },
    };
  }

  /** The newest open letter of the projector, once it is in the table. */
  async function openOfProjector(): Promise<string> {
    await installation.untilRows(1, `SELECT 1 FROM dead_letter WHERE stage = 'projector' AND state = 'open'`);
    const [letter] = await stored(`stage = 'projector' AND state = 'open'`);
    return String(letter!.id);
  }

  async function copiesOf(message: number): Promise<number> {
    const events = await installation.records('events.v1');
    return events.filter((record) => header(record, 'ce_subject') === uuid(message)).length;
  }

  async function untilProjected(): Promise<void> {
    await until('every event is projected', async () => {
      const [row] = await installation.rows('SELECT sum(next_offset) AS sum FROM projector_offset WHERE topic = $1', [
        installation.topic('events.v1'),
      ]);
      return Number(row?.sum) === (await installation.records('events.v1')).length;
    });
  }

  beforeAll(async () => {
    installation = await Installation.create({
      configuration: RIGHT,
      // The wait for a report of the submitted message is over already.
      environment: { REPORT_TIMEOUT_INTERVAL: 'never' },
    });
    const wrong = join(directory, 'wrong.yaml');
    writeFileSync(wrong, JSON.stringify({ identityNamespace: '${IDENTITY_NAMESPACE}', ...WRONG }));
    [ingress, normaliser, projector] = await Promise.all([
      installation.start('ingress'),
      installation.start('normaliser', { env: { QUITTANCE_CONFIG: wrong } }),
      installation.start('projector', { env: { ERASURE_KEY: KEY } }),
    ]);
    await push(ingress, 'sms-report', JSON.stringify(reports));
    await push(ingress, 'sms-up', JSON.stringify([reply(1, ERASED)]));
    await push(ingress, 'sms-up', JSON.stringify([reply(2, OTHER)]));
    await push(ingress, 'sign-report', `[{"phone_number": ${OTHER}, tru`);
    const submission = { provider: 'alibaba', account: 'second', channel: 'sms', messageId: 'm-1', recipient: OTHER };
    await publish([
      {
        topic: installation.topic('submissions.v1'),
        key: null,
        value: JSON.stringify({ ...submission, submittedAt: '2026-07-09T03:01:20Z' }),
        headers: {},
      },
    ]);
    await until('all are dead letters', async () => (await installation.records('dead-letters.v1')).length === 6);
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
    rmSync(directory, { recursive: true, force: true });
  }, 60_000);

  it('are listed by what is known of them, each once, and counted for an alert', async () => {
    const all = await listed();
    expect(all.map(({ code }) => code).sort()).toEqual(
      ['ACCOUNT_UNKNOWN', 'BODY_NOT_JSON', 'RECEIPT_TYPE_MISMATCH', 'SOURCE_UNKNOWN'].flatMap((code) =>
        code === 'ACCOUNT_UNKNOWN' || code === 'BODY_NOT_JSON' ? [code] : [code, code],
      ),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(6);
    expect(all.every(({ state, reader }) => state === 'open' && /^\d.*\/[0-9a-f]{12}$/.test(String(reader)))).toBe(
      true,
    );
    const ofReports = all.filter((letter) => letter.source === 'sms-report');
    expect(ofReports.map(({ element }) => element).sort()).toEqual([0, 1]);

    const filter = [
      '--code',
      'SOURCE_UNKNOWN',
      '--code',
      'BODY_NOT_JSON',
      '--source',
      'sms-up',
      '--stage',
      'normaliser',
    ];
    const text = await letters('list', ...filter, '--since', '2026-01-01T00:00:00Z', '--limit', '1');
    expect(text.lines).toHaveLength(2);
    expect(text.lines[1]).toBe('2 dead letters (SOURCE_UNKNOWN 2), 1 of them shown: --limit shows more');
    expect(JSON.stringify(all) + text.lines.join()).not.toMatch(PERSONAL);
    await until('the open ones are counted', async () => {
      const metrics = await (await fetch(`${projector.management}/metrics`)).text();
      return metrics.includes('quittance_open_dead_letters{code="SOURCE_UNKNOWN"} 2');
    });
  });

  it('show what they hold only when asked for it', async () => {
    const [letter] = await stored(`source = 'sms-up'`);
    const id = String(letter!.id);
    const outline = await letters('show', id);
    expect(outline.code).toBe(0);
    expect(outline.lines.join('\n')).not.toMatch(PERSONAL);
    expect(JSON.parse(outline.lines.join('\n'))).toMatchObject({
      id,
      state: 'open',
      changes: [],
      headers: { source: 'sms-up', transport: 'http', 'dead-letter-code': 'SOURCE_UNKNOWN' },
    });
    const whole = JSON.parse((await letters('show', id, '--content')).lines.join('\n')) as { value: string };
    expect(JSON.parse(whole.value)).toMatchObject([{ content: 'Where is my parcel' }]);
    expect((await letters('show', '0/999')).code).toBe(2);
  });

  it('are not redriven while that would only repeat', async () => {
    const before = await installation.records('raw-receipts.v1');
    const { code, lines } = await letters('redrive', '--all');
    expect(lines).toEqual([
      '0 dead letters redriven',
      expect.stringMatching(/^6 refused \(.*\): what reads them now is what refused them; --force/),
    ]);
    expect(code).toBe(1);
    expect(await installation.records('raw-receipts.v1')).toHaveLength(before.length);
    expect(await stored(`state = 'open'`)).toHaveLength(6);
  });

  it('become what they would have been once the cause is mended, and an erased person stays erased', async () => {
    await normaliser.process.stop('SIGTERM', 20_000);
    normaliser = await installation.start('normaliser');
    expect((await ops('erase', '--number', `+86${ERASED}`, '--installation', 'quittance')).code).toBe(0);
    const originals = await installation.records('raw-receipts.v1');

    const causes = ['SOURCE_UNKNOWN', 'RECEIPT_TYPE_MISMATCH', 'ACCOUNT_UNKNOWN'].flatMap((code) => ['--code', code]);
    const judged = await letters('redrive', ...causes, '--dry-run', '--json');
    expect(JSON.parse(judged.lines.join())).toMatchObject({ selected: 5, refused: {}, missing: 0 });
    expect(await installation.records('raw-receipts.v1')).toHaveLength(originals.length);

    const { code, lines } = await letters('redrive', ...causes);
    expect(lines).toEqual([expect.stringMatching(/^5 dead letters redriven \(/)]);
    expect(code).toBe(0);
    await installation.untilRows(3, 'SELECT 1 FROM message');
    await installation.untilRows(2, 'SELECT 1 FROM mobile_originated');
    expect(await installation.rows('SELECT status, recipient FROM message ORDER BY status, recipient')).toEqual([
      { status: 'delivered', recipient: `+86${OTHER}` },
      { status: 'delivered', recipient: `+86${reports[0]!.phone_number}` },
      { status: 'pending', recipient: `+86${OTHER}` },
    ]);
    expect(await installation.rows('SELECT sender FROM mobile_originated ORDER BY sender')).toEqual([
      { sender: `+86${OTHER}` },
      { sender: null },
    ]);
    const rows = await installation.rows('SELECT row_to_json(t)::text AS text FROM mobile_originated t');
    expect(rows.map(({ text }) => String(text)).filter((text) => text.includes(ERASED))).toEqual([]);

    // The same receipts, by the same ids and times, through another door.
    const redriven = (await installation.records('raw-receipts.v1')).filter(
      (record) => header(record, 'transport') === 'redrive',
    );
    expect(redriven).toHaveLength(4);
    for (const record of redriven) {
      const original = originals.find((each) => header(each, 'receipt-id') === header(record, 'receipt-id'))!;
      for (const name of ['received-at', 'observed-at', 'source', 'authenticated-by']) {
        expect([name, header(record, name)]).toEqual([name, header(original, name)]);
      }
      expect(Object.keys(record.headers).filter((name) => name.startsWith('dead-letter-'))).toEqual([]);
    }
    // They have waited for an operator: that is no measure of how fast we are, and no reason to wake anybody.
    await until('the changes of all four are counted apart', async () => {
      const metrics = await (await fetch(`${projector.management}/metrics`)).text();
      return (
        metrics.includes('\nquittance_late_changes_total 4\n') &&
        metrics.includes('\nquittance_receipt_to_change_seconds_count 0\n')
      );
    });
    // Of a body of two each is sent in alone.
    const elements = redriven.filter((record) => header(record, 'source') === 'sms-report').map(valueOf);
    expect(elements.map(({ biz_id }) => biz_id).sort()).toEqual(reports.map(({ biz_id }) => biz_id).sort());

    const done = await stored(`state = 'redriven'`);
    expect(done).toHaveLength(5);
    const shown = JSON.parse((await letters('show', String(done[0]!.id))).lines.join('\n')) as { changes: object[] };
    expect(shown.changes).toEqual([
      { at: expect.any(String), state: 'redriven', by: userInfo().username, forced: false, reason: null },
    ]);
  });

  it('change nothing when they are redriven once more', async () => {
    const before = await installation.rows(STATES);
    const told = await installation.records('message-status.v1');
    const ids = (await stored(`source = 'sms-report'`)).map(({ id }) => String(id));
    const again = await letters('redrive', ...ids);
    expect(again.lines[1]).toMatch(/^2 refused \(RECEIPT_TYPE_MISMATCH 2\): somebody has redriven or discarded them/);
    expect(again.code).toBe(1);
    const events = await installation.records('events.v1');
    expect((await letters('redrive', ...ids, '--force')).code).toBe(0);
    await until(
      'they are normalised',
      async () => (await installation.records('events.v1')).length === events.length + 2,
    );
    await untilProjected();
    expect(await installation.rows(STATES)).toEqual(before);
    expect(await installation.records('message-status.v1')).toHaveLength(told.length);
  });

  it('become dead letters again where the cause is in them, name the one before, and can be given up', async () => {
    // The configuration is another now, so it is worth a try.
    expect((await letters('redrive', '--code', 'BODY_NOT_JSON')).code).toBe(0);
    const [first] = await stored(`code = 'BODY_NOT_JSON'`);
    await until('it is a dead letter again', async () => (await installation.records('dead-letters.v1')).length === 7);
    const [second] = await listed();
    expect(second).toMatchObject({ code: 'BODY_NOT_JSON', redrivenFrom: first!.id, receiptId: first!.receipt_id });
    expect((await letters('redrive', '--code', 'BODY_NOT_JSON')).lines[1]).toMatch(/^1 refused/);

    const which = ['--code', 'BODY_NOT_JSON'];
    expect((await letters('discard', ...which, '--dry-run')).lines).toEqual([
      '1 dead letters would be discarded (BODY_NOT_JSON 1)',
    ]);
    const { code } = await letters('discard', ...which, '--by', 'Night shift', '--reason', 'a test button');
    expect(code).toBe(0);
    expect(await stored(`state = 'open'`)).toEqual([]);
    expect(await installation.rows(`SELECT by, reason FROM dead_letter_change WHERE state = 'discarded'`)).toEqual([
      { by: 'Night shift', reason: 'a test button' },
    ]);
    // Whoever looks for what stood in it is told who gave it up, and not that nothing is known.
    const found = await ops('find', '--reference', 'tru');
    expect([found.code, found.lines[0]]).toEqual([
      0,
      expect.stringMatching(
        /^No row, but it stands in a dead letter: BODY_NOT_JSON .*, discarded at \S+ by Night shift\./,
      ),
    ]);
  });

  it('of the projector go back to the events, and stay open when the command is killed before it noted that', async () => {
    await publish([unexplained(1)]);
    const id = await openOfProjector();
    const holder = new pg.Client({ connectionString: installation.databaseUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE dead_letter_change IN EXCLUSIVE MODE');
      const killed = startOps(env(), ['dead-letters', 'redrive', id]);
      await until('it is published', async () => (await copiesOf(1)) > 0);
      killed.send('SIGKILL');
      await killed.ended;
    } finally {
      await holder.end();
    }
    expect(await stored(`state = 'open'`)).toEqual([expect.objectContaining({ id, source: null })]);
    expect((await letters('redrive', id)).lines).toEqual(['1 dead letters redriven (UNEXPLAINED 1)']);
    expect(await copiesOf(1)).toBeGreaterThan(1);
    await untilProjected();
    expect(
      await installation.rows(
        'SELECT revision, json_array_length(facts) AS facts FROM message WHERE message_key = $1',
        [uuid(1)],
      ),
    ).toEqual([{ revision: 1, facts: 1 }]);
  });

  it('are redriven once by two who do it at the same time', async () => {
    await publish([unexplained(2)]);
    const id = await openOfProjector();
    const holder = new pg.Client({ connectionString: installation.databaseUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN; SELECT 1 FROM dead_letter FOR UPDATE');
      const both = [1, 2].map(() => startOps(env(), ['dead-letters', 'redrive', '--stage', 'projector']));
      await installation.untilRows(
        2,
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      await holder.query('COMMIT');
      const ended = await Promise.all(both.map((each) => each.ended));
      expect(ended.map(({ lines }) => lines[0]).sort()).toEqual([
        '0 dead letters redriven',
        '1 dead letters redriven (UNEXPLAINED 1)',
      ]);
    } finally {
      await holder.end();
    }
    expect(await copiesOf(2)).toBe(1);
    expect(
      await installation.rows(
        'SELECT 1 FROM dead_letter_change JOIN dead_letter USING (topic_id, partition, record_offset) WHERE concat(partition, $1::text, record_offset) = $2',
        ['/', id],
      ),
    ).toHaveLength(1);
  });

  it('are written down whole, in a file of their own', async () => {
    const file = join(directory, 'letters.jsonl');
    const { code, lines } = await letters('export', '--source', 'sms-up', '--state', 'any', '--to', file);
    expect([code, lines]).toEqual([0, [`2 dead letters written to ${file}`]]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const exported = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(exported.map((line) => JSON.parse((JSON.parse(line) as { value: string }).value) as unknown[])).toEqual(
      expect.arrayContaining([[reply(1, ERASED)], [reply(2, OTHER)]]),
    );
    expect((await letters('export', '--all', '--to', file)).code).toBe(2);
  });

  it('leave the originals in the topic of receipts, which can be replayed: nothing doubles', async () => {
    const now = Date.now();
    const span = ['--from', new Date(now - 3_600_000).toISOString(), '--until', new Date(now).toISOString()];
    const file = join(directory, 'receipts.jsonl');
    expect((await ops('replay', ...span, '--source', 'sms-report', '--to-file', file)).lines).toEqual([
      `1 receipts replayed to ${file}`,
    ]);
    expect(readFileSync(file, 'utf8')).toContain(reports[0]!.biz_id);

    const before = await installation.rows(STATES);
    const told = await installation.records('message-status.v1');
    const raw = await installation.records('raw-receipts.v1');
    const events = await installation.records('events.v1');
    const sources = ['--source', 'sms-report', '--source', 'sms-up'];
    expect((await ops('replay', ...span, ...sources, '--dry-run')).lines).toEqual([
      '3 receipts would be replayed to the normaliser',
    ]);
    expect((await ops('replay', ...span, ...sources)).lines).toEqual(['3 receipts replayed to the normaliser']);
    expect(await installation.records('raw-receipts.v1')).toHaveLength(raw.length + 3);
    await until(
      'they are normalised',
      async () => (await installation.records('events.v1')).length === events.length + 4,
    );
    await untilProjected();
    expect(await installation.rows(STATES)).toEqual(before);
    expect(await installation.records('message-status.v1')).toHaveLength(told.length);
    // A copy is no original.
    expect((await ops('replay', ...span, ...sources, '--dry-run')).lines[0]).toMatch(/^3 receipts/);
  });

  it('stop no projector when no account of them can be kept', async () => {
    await installation.rows('ALTER TABLE dead_letter RENAME TO elsewhere');
    await until('it is noticed', () => projector.log().includes('dead-letters.interrupted'));
    await push(ingress, 'sms-report', JSON.stringify([smsReport()]));
    await installation.untilRows(6, 'SELECT 1 FROM message');
    expect(await projector.ready()).toBe(true);
    await installation.rows('ALTER TABLE elsewhere RENAME TO dead_letter');
  });

  it('are forgotten when their records have left the topic, those of another topic when they would have', async () => {
    const all = await stored('true');
    const [{ topic_id: topicId, partition }] = all as [{ topic_id: string; partition: number }];
    const last = all
      .filter((letter) => letter.partition === partition)
      .map((letter) => BigInt(String(letter.record_offset)));
    const low = last.reduce((a, b) => (a > b ? a : b));
    await installation.rows(`INSERT INTO dead_letter (topic_id, partition, record_offset, code, detail, stage, at, state)
      SELECT 'another', 0, days, 'BODY_NOT_JSON', '', 'normaliser', now() - make_interval(days => days), 'discarded'
      FROM unnest('{1,29,31}'::integer[]) AS days`);
    const client = new pg.Client({ connectionString: installation.databaseUrl });
    await client.connect();
    try {
      const offsets = new Map([[partition, { low, high: low + 1n }]]);
      const forgotten = await forgetGone(client, { topicId, offsets }, new AbortController().signal);
      expect(forgotten).toBe(last.length - 1 + 1);
    } finally {
      await client.end();
    }
    const left = await stored('true');
    expect(left.filter((letter) => letter.topic_id === 'another').map(({ id }) => id)).toEqual(['0/1', '0/29']);
    expect(left.filter((letter) => letter.topic_id === topicId && letter.partition === partition)).toHaveLength(1);
    expect(left).toHaveLength(all.length - (last.length - 1) + 2);
    expect(
      await installation.rows(`SELECT 1 FROM dead_letter_change LEFT JOIN dead_letter AS letter
        USING (topic_id, partition, record_offset) WHERE letter.state IS NULL`),
    ).toEqual([]);
  });

  it('say nothing personal in logs, keys or headers', () => {
    expect(installation.logs()).not.toMatch(PERSONAL);
  });
});

function reply(sequence: number, number: string): object {
  return {
    phone_number: number,
    content: 'Where is my parcel',
    send_time: '2026-07-09 11:05:02',
    dest_code: '2493559',
    sequence_id: sequence,
  };
}

function valueOf(record: IncomingRecord): Record<string, unknown> {
  return JSON.parse(record.value!.toString()) as Record<string, unknown>;
}
