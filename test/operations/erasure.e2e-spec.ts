import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { encodeEvent, topicNames, type CanonicalEvent } from '#contracts';
import type { IncomingRecord } from '#kafka';
import { projectBatch } from '../../apps/projector/src/project-batch.js';
import { ErasureStore } from '../../apps/projector/src/store/erasures.js';
import { Offsets } from '../../apps/projector/src/store/offsets.js';
import { publishEvents, report, uuid } from '../storage/reports.js';
import type { AppProcess } from '../system/app-process.js';
import { header, Installation, push } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { until } from '../system/until.js';
import { runOps, startOps } from './run-ops.js';

const KEY = 'a-key-of-the-tests-that-is-long-enough-00000';
const OTHER_KEY = KEY.replace('a', 'b');

/** Whoever is erased, and what is about them. */
const NUMBER = '13711112222';
const PERSONAL = /13711112222|Please forget me|order-of-hers/;

const EVERY_ROW = `SELECT row_to_json(t)::text AS text FROM message t UNION ALL SELECT row_to_json(t)::text FROM mobile_originated t
  UNION ALL SELECT row_to_json(t)::text FROM account_status t UNION ALL SELECT row_to_json(t)::text FROM message_history t
  UNION ALL SELECT row_to_json(t)::text FROM account_status_history t`;

/** Sessions that wait for who holds the erasures. */
const WAITING = `SELECT 1 FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE relname = 'erasure_version' AND NOT granted`;

describe('a person who is erased', () => {
  let installation: Installation;
  let ingress: AppProcess;

  const ops = (...args: string[]) => runOps({ ...installation.environment, ERASURE_KEY: KEY }, args);
  const changes = (topic: 'message-status.v1' | 'mobile-originated.v1' | 'account-status.v1') =>
    installation.records(topic);
  const hers = async () =>
    (await installation.rows(EVERY_ROW)).map(({ text }) => String(text)).filter((text) => PERSONAL.test(text));

  const message = smsReport({ phone_number: NUMBER, out_id: 'order-of-hers' });
  const receipts: [string, object][] = [
    ['sms-report', { ...message, success: false, err_code: 'REQUEST_SUCCESS' }],
    ['sms-report', message],
    ['sms-report', smsReport()],
    ['sms-up', reply(1, NUMBER, 'Please forget me')],
    ['sms-up', reply(2, NUMBER, 'TD')],
    ['sms-up', reply(3, '13733334444', 'TD')],
  ];

  async function send(some: readonly [string, object][]): Promise<void> {
    for (const [source, receipt] of some) {
      expect((await push(ingress, source, JSON.stringify([receipt]))).status).toBe(200);
    }
  }

  /** Everything that was pushed, `pushed` receipts in all, and what was published beside it, has been projected. */
  async function settled(events: number): Promise<void> {
    await until('every event is projected', async () => {
      const rows = await installation.rows('SELECT sum(next_offset) AS sum FROM projector_offset WHERE topic = $1', [
        installation.topic('events.v1'),
      ]);
      return Number(rows[0]?.sum) === events;
    });
  }

  beforeAll(async () => {
    installation = await Installation.create();
    [ingress] = await Promise.all([
      installation.start('ingress'),
      installation.start('normaliser'),
      installation.start('projector', { env: { ERASURE_KEY: KEY } }),
    ]);
    await send(receipts);
    await publishEvents(installation, [consent('unsubscribe')]);
    await settled(7);
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  it('cannot be erased without a key', async () => {
    const { code, progress } = await runOps(installation.environment, ['erase', '--number', `+86${NUMBER}`]);
    expect(code).toBe(2);
    expect(progress).toContain('ERASURE_KEY is not set');
    expect(await installation.rows('SELECT 1 FROM erasure')).toEqual([]);
  });

  it('is in no row and no history any more; subscribers are told, and nobody else loses anything', async () => {
    expect(await hers()).toHaveLength(4);
    const others = await otherRows();
    const told = await changes('message-status.v1');
    // Left behind by a `verify` that was killed, with rows of before.
    await installation.rows('CREATE SCHEMA quittance_verify_0123456789ab');

    const { code, lines, progress } = await ops('erase', '--number', `+86${NUMBER}`);
    expect(lines.at(-1)).toBe(
      'erased 1 rows of message, 2 rows of mobile_originated, 1 rows of account_status; 2 changes published',
    );
    expect(code).toBe(0);
    expect(lines.join() + progress).not.toMatch(PERSONAL);

    expect(await hers()).toEqual([]);
    expect(await installation.rows(`SELECT 1 FROM pg_namespace WHERE nspname LIKE 'quittance_verify_%'`)).toEqual([]);
    expect(await otherRows()).toEqual(others);
    expect(await installation.rows(`SELECT encode(mac, 'escape') AS mac FROM erasure`)).not.toEqual([]);
    // What happened is still known, and that somebody said stop.
    const [row] = await installation.rows('SELECT message_key, status, revision FROM message WHERE recipient IS NULL');
    expect(row).toMatchObject({ status: 'delivered', revision: 3 });
    expect(
      await installation.rows(`SELECT 1 FROM mobile_originated WHERE sender IS NULL AND keyword = 'stop'`),
    ).toHaveLength(1);
    expect(await installation.rows('SELECT subject_id, value FROM account_status')).toEqual([
      { subject_id: 'erased', value: 'unsubscribe' },
    ]);
    const news = (await changes('message-status.v1')).filter((record) => !told.some((old) => same(old, record)));
    expect(news).toHaveLength(1);
    expect(header(news[0]!, 'ce_subject')).toBe(row!.message_key);
    expect(read(news[0]!)).toMatchObject({
      status: 'delivered',
      previousStatus: 'delivered',
      recipient: null,
      reference: null,
      revision: 3,
    });
    expect(read((await changes('account-status.v1')).at(-1)!)).toMatchObject({
      subject: { id: 'erased' },
      revision: 2,
    });
  });

  it('stays erased when old receipts come again, and nobody hears of it', async () => {
    const before = await installation.rows(EVERY_ROW);
    const told = await changes('message-status.v1');
    await send(receipts);
    await publishEvents(installation, [consent('unsubscribe')]);
    await settled(14);
    expect(await installation.rows(EVERY_ROW)).toEqual(before);
    expect(await changes('message-status.v1')).toHaveLength(told.length);
  });

  it('stays erased when the topic is replayed, also into rows that are gone', async () => {
    await installation.rows('DELETE FROM message');
    await installation.rows('DELETE FROM mobile_originated');
    await installation.rows('DELETE FROM account_status');
    expect((await ops('reproject')).code).toBe(0);
    expect(await installation.rows('SELECT 1 FROM mobile_originated')).toHaveLength(3);
    expect(await hers()).toEqual([]);
    const published = [
      ...(await changes('message-status.v1')),
      ...(await changes('mobile-originated.v1')),
      ...(await changes('account-status.v1')),
    ];
    // Once each before the erasure (of the message two statuses), and never since.
    expect(published.filter((record) => PERSONAL.test(record.value!.toString()))).toHaveLength(5);
    expect((await ops('verify')).lines.at(-1)).toBe('equal');
  });

  it('is found by verify where something brings the rows back, and erased by going on', async () => {
    await installation.rows(
      `UPDATE message SET version = version + 1, facts = replace(replace(facts::text, ',"erased":true', ''),
        '"recipient":null', '"recipient":"+86${NUMBER}"')::json WHERE recipient IS NULL`,
    );
    const { code, lines } = await ops('verify', '--stored');
    expect(code).toBe(1);
    expect(lines.filter((line) => line.endsWith('facts: are about somebody who has been erased'))).toHaveLength(1);
    expect((await ops('erase', '--resume', 'message:')).lines.at(-1)).toMatch(/^erased 1 rows of message, 0 rows/);
    expect((await ops('verify')).lines.at(-1)).toBe('equal');
  });

  it('stays erased when the database goes back to before the erasure, also under a projector that runs', async () => {
    await installation.rows('DELETE FROM account_status');
    await installation.rows('DELETE FROM erasure');
    await installation.rows('UPDATE erasure_version SET version = 0, key_check = NULL');
    // Received before the erasure, and projected only now.
    const late = report(9200, { receiptId: BEGAN, recipient: `+86${NUMBER}` });
    await publishEvents(installation, [consent('unsubscribe'), late]);
    await settled(16);
    expect(await installation.rows('SELECT 1 FROM message WHERE message_key = $1', [uuid(9200)])).toHaveLength(1);
    expect(await installation.rows('SELECT 1 FROM account_status')).toHaveLength(1);
    expect(await hers()).toEqual([]);
    expect(installation.logs()).toContain('erasures.brought-back');
  });

  it('has rows again in a backup from before the erasure, until recover is run', async () => {
    await installation.rows('DELETE FROM erasure');
    await installation.rows('UPDATE erasure_version SET version = 0, key_check = NULL');
    await installation.rows(
      `UPDATE message SET version = version + 1, facts = replace(replace(facts::text, ',"erased":true', ''),
        '"recipient":null', '"recipient":"+86${NUMBER}"')::json WHERE recipient IS NULL`,
    );
    expect((await ops('recover', '--dry-run')).code).toBe(1);
    // Whoever comes first brings the erasure back, as a projector does that starts: the rows are as they were.
    const first = await ops('reproject', '--from', new Date().toISOString());
    expect(first.lines[0]).toBe('4 erasures were not in this database: run recover');
    expect(await hers()).not.toEqual([]);
    const { code, lines } = await ops('recover');
    expect(code).toBe(0);
    expect(lines.join('\n')).toMatch(/erased 2 rows of message[^]*rows are right up to/);
    expect(await hers()).toEqual([]);
    expect((await ops('recover', '--dry-run')).code).toBe(0);
  });

  it('is taken in like anybody when something new comes', async () => {
    await send([
      ['sms-report', smsReport({ phone_number: NUMBER, out_id: 'order-later' })],
      ['sms-up', reply(4, NUMBER, 'Here I am again')],
    ]);
    await settled(18);
    expect(await installation.rows(`SELECT recipient FROM message WHERE reference = 'order-later'`)).toEqual([
      { recipient: `+86${NUMBER}` },
    ]);
    expect(
      await installation.rows(`SELECT facts -> 0 #>> '{data,content,text}' AS text FROM mobile_originated
        WHERE sender = '+86${NUMBER}'`),
    ).toEqual([{ text: 'Here I am again' }]);
    expect((await ops('verify')).lines.at(-1)).toBe('equal');
  });

  it('slips through between no two projectors', async () => {
    const number = '+8613755556666';
    const url = installation.databaseUrl;
    const pools = [new pg.Pool({ connectionString: url, max: 2 }), new pg.Pool({ connectionString: url, max: 2 })];
    const [publishing, isPublishing] = gate();
    const [confirmed, confirm] = gate();
    try {
      const first = project(pools[0]!, 0, report(9001, { receiptId: received(-1), recipient: number }), async () => {
        isPublishing();
        await confirmed;
      });
      await publishing;
      // It has merged by what it knew, and not committed: whoever erases now must wait, or would not find its row.
      const erasing = startOps({ ...installation.environment, ERASURE_KEY: KEY }, ['erase', '--number', number]);
      await installation.untilRows(1, WAITING);
      // It begins after that: it must go by what is stored then, and not by what it could read now.
      const second = project(pools[1]!, 1, report(9002, { receiptId: received(-1), recipient: number }));
      await installation.untilRows(2, WAITING);
      confirm();
      await Promise.all([first, second]);
      expect((await erasing.ended).code).toBe(0);
      const rows = await installation.rows(
        'SELECT recipient, facts::text AS facts FROM message WHERE message_key = ANY ($1::uuid[])',
        [[uuid(9001), uuid(9002)]],
      );
      expect(rows).toHaveLength(2);
      for (const row of rows) {
        expect(row.recipient).toBeNull();
        expect(row.facts).not.toContain(number);
      }
    } finally {
      confirm();
      await Promise.all(pools.map((pool) => pool.end()));
    }
  });

  it('is found by a number or by the id of an app, until erased; then find says so', async () => {
    const user = 'US.13491208655302741918';
    const hidden = { channel: 'whatsapp', recipient: null, recipientRaw: user, recipientUserId: user } as const;
    await publishEvents(installation, [report(9100, { ...hidden, receiptId: received(-1) })]);
    const ofUser = `SELECT revision FROM message WHERE recipient_user_id = '${user}'`;
    await installation.untilRows(1, ofUser);
    const [row] = await installation.rows(ofUser);
    expect((await ops('find', '--recipient', user)).lines[0]).toMatch(/^Delivered/);

    // A row from before the column: it is filled, and nobody hears of it.
    await installation.rows('UPDATE message SET recipient_user_id = NULL');
    expect((await ops('reproject', '--stored')).lines.at(-1)).toMatch(/ 1 mended, 0 changes/);
    expect(await installation.rows(ofUser)).toEqual([row]);

    expect((await ops('erase', '--user-id', user, '--channel', 'whatsapp')).code).toBe(0);
    expect(await installation.rows(ofUser)).toEqual([]);
    const erased = /The person has been erased: what was received before 2\S+Z has neither number nor id any more/;
    const byId = await ops('find', '--recipient', user);
    expect([byId.code, byId.lines[0]]).toEqual([1, expect.stringMatching(erased)]);
    // Who was erased, and was sent something since.
    const byNumber = await ops('find', '--recipient', `+86${NUMBER}`);
    expect([byNumber.code, byNumber.lines[0], byNumber.lines.at(-1)]).toEqual([
      0,
      expect.stringMatching(/^Delivered/),
      expect.stringMatching(erased),
    ]);
    const nobody = await ops('find', '--recipient', '+8613700000000');
    expect([nobody.code, nobody.lines.join()]).toEqual([1, expect.not.stringMatching(erased)]);
  });

  it('cannot come back by a projector or an operator without the key, or with another', async () => {
    const without = await installation.start('projector', { ready: false });
    await until('it has ended', () => without.process.exit() !== null);
    expect(without.log()).toContain('persons have been erased and ERASURE_KEY is not set');
    const env = { ...installation.environment, ERASURE_KEY: OTHER_KEY };
    for (const args of [['reproject'], ['erase', '--number', '+8613700000000']]) {
      const { code, progress } = await runOps(env, args);
      expect(code).toBe(2);
      expect(progress).toContain('ERASURE_KEY is not the key that persons were erased under');
    }
    // One that was running when the first person was erased writes nothing from then on.
    const pool = new pg.Pool({ connectionString: installation.databaseUrl, max: 2 });
    try {
      await expect(project(pool, 2, report(9003), undefined, null)).rejects.toThrow('ERASURE_KEY is not set');
      expect(await installation.rows('SELECT 1 FROM message WHERE message_key = $1', [uuid(9003)])).toEqual([]);
    } finally {
      await pool.end();
    }
  });

  function otherRows(): Promise<Record<string, unknown>[]> {
    return installation.rows(`SELECT message_key AS key, recipient, reference, version, facts::text FROM message
        WHERE recipient <> '+86${NUMBER}'
      UNION ALL SELECT event_id, sender, addressee, version, facts::text FROM mobile_originated
        WHERE sender <> '+86${NUMBER}' ORDER BY key`);
  }

  /** Projects an event as a projector would, beside those that run. */
  async function project(
    pool: pg.Pool,
    partition: number,
    event: CanonicalEvent,
    publishAll: () => Promise<void> = () => Promise.resolve(),
    key: string | null = KEY,
  ): Promise<void> {
    const offsets = new Offsets(pool, () => Promise.resolve({ clusterId: null, topicId: null }));
    await offsets.position('race', partition);
    const { key: recordKey, value, headers } = encodeEvent(event);
    const record: IncomingRecord = {
      topic: 'race',
      partition,
      offset: '0',
      timestamp: 0,
      key: Buffer.from(recordKey),
      value: Buffer.from(value),
      headers,
    };
    await projectBatch([record], {
      pool,
      offsets,
      erasures: new ErasureStore(key),
      topics: topicNames('race.'),
      publishAll,
      deadLetter: (_record, reason) => {
        throw reason;
      },
    });
  }
});

function reply(sequence: number, number: string, content: string): object {
  return {
    phone_number: number,
    content,
    send_time: '2026-07-09 11:05:02',
    dest_code: '2493559',
    sequence_id: sequence,
  };
}

/** What a person wants to hear. It was received when the test began. */
function consent(value: string): CanonicalEvent {
  const occurredAt = '2026-07-09T03:05:00.000Z';
  return {
    id: uuid(1, 7),
    type: 'io.quittance.account.status-reported.v1',
    source: '/quittance/alibaba/main',
    subject: uuid(1, 8),
    time: occurredAt,
    receiptId: BEGAN,
    data: {
      provider: 'alibaba',
      account: 'main',
      channel: 'viber',
      labels: {},
      subjectKey: uuid(1, 8),
      subject: { kind: 'person', id: `+86${NUMBER}` },
      aspect: 'subscription',
      value,
      limit: null,
      reason: null,
      occurredAt,
      occurredAtFrom: 'provider',
      extra: { To: `86${NUMBER}` },
    },
  };
}

/** The id of a receipt so many seconds from now. */
function received(seconds: number): string {
  const time = (Date.now() + seconds * 1_000).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

const BEGAN = received(-1);

function gate(): [Promise<void>, () => void] {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [
    opened,
    () => {
      open();
    },
  ];
}

function same(a: IncomingRecord, b: IncomingRecord): boolean {
  return a.partition === b.partition && a.offset === b.offset;
}

function read(record: IncomingRecord): Record<string, unknown> {
  return JSON.parse(record.value!.toString()) as Record<string, unknown>;
}
