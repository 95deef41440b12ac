import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anyFreePort } from '../../dev/ports.js';
import type { AppProcess } from './app-process.js';
import { header, Installation, push, TOKEN } from './installation.js';
import { smsReport } from './receipts.js';
import { until } from './until.js';
import type { TopicName } from '#contracts';
import { Collector, type CollectedSpan } from '../tracing/collector.js';
import { GroupCommitProducer, type IncomingRecord } from '#kafka';
import { silentLogger } from './silent-logger.js';
import { expectValidEvent } from '../contracts/validate-event.js';

describe('the whole way', () => {
  let installation: Installation;
  let ingress: AppProcess;
  const collector = new Collector();
  let collectorPort: number;

  beforeAll(async () => {
    // Everything is traced, and for now nobody takes what that gives.
    const port = await anyFreePort();
    installation = await Installation.create({
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        OTEL_TRACES_SAMPLER_ARG: '1',
      },
    });
    collectorPort = port;
    ({ ingress } = await installation.startAll());
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
    await collector.stop();
  }, 60_000);

  it('turns a push of delivery reports into rows and events for subscribers', async () => {
    const delivered = smsReport();
    const failed = smsReport({ success: false, err_code: 'MOBILE_NOT_ON_SERVICE', err_msg: '停机' });
    expect(await push(ingress, 'sms-report', JSON.stringify([delivered, failed]))).toEqual({
      status: 200,
      body: '{"code":0,"msg":"ok"}',
    });

    const references = [delivered.out_id, failed.out_id];
    const select = `SELECT * FROM message WHERE reference IN ('${references.join("','")}') ORDER BY status`;
    expect(await installation.untilRows(2, select)).toMatchObject([
      { status: 'delivered', final: true, recipient: `+86${delivered.phone_number}`, message_id: delivered.biz_id },
      { status: 'failed', final: true, reason: 'handset', provider_code: 'MOBILE_NOT_ON_SERVICE' },
    ]);

    const changes = (await installation.records('message-status.v1')).filter(({ value }) =>
      references.includes((JSON.parse(value!.toString()) as { reference: string }).reference),
    );
    expect(changes).toHaveLength(2);
    for (const change of changes) {
      expect(header(change, 'ce_type')).toBe('io.quittance.message.status-changed.v1');
      expect(header(change, 'ce_source')).toBe('/quittance/alibaba/main');
      expect(header(change, 'ce_time')).toBe('2026-07-09T03:01:33.000Z');
      expect(change.key!.toString()).toBe(header(change, 'ce_subject'));
      const data = JSON.parse(change.value!.toString()) as Record<string, unknown>;
      expect(data).toMatchObject({ revision: 1, previousStatus: null, labels: { unit: 'retail' } });
      expectValidEvent('io.quittance.message.status-changed.v1', data);
    }
  });

  it('gives a fact once, however often it is pushed, and a change when another fact comes', async () => {
    const pending = smsReport({ success: false, err_code: 'REQUEST_SUCCESS' });
    const delivered = { ...pending, success: true, err_code: 'DELIVERED' };
    for (const report of [delivered, pending, delivered, delivered]) {
      expect((await push(ingress, 'sms-report', JSON.stringify([report]))).status).toBe(200);
    }
    const reference = `'${pending.out_id}'`;
    // All four copies have been worked off: nothing that could still come is missing from what follows.
    const reports = async () =>
      (await installation.records('events.v1')).filter(
        ({ value }) => (JSON.parse(value!.toString()) as { reference: string }).reference === pending.out_id,
      );
    await until('all four are events', async () => (await reports()).length === 4);
    const last = (await reports()).at(-1)!;
    await until('they have been projected', async () => {
      const [offset] = await installation.rows('SELECT next_offset FROM projector_offset WHERE partition = $1', [
        last.partition,
      ]);
      return BigInt((offset?.next_offset as string | undefined) ?? '0') > BigInt(last.offset);
    });
    const [row] = await installation.rows(
      `SELECT status, revision, json_array_length(facts) AS facts FROM message WHERE reference = ${reference}`,
    );
    expect(row).toMatchObject({ status: 'delivered', facts: 2 });
    const changes = (await installation.records('message-status.v1'))
      .map(({ value }) => JSON.parse(value!.toString()) as { reference: string; revision: number; status: string })
      .filter((change) => change.reference === pending.out_id);
    expect(changes.map(({ revision }) => revision)).toEqual(changes.map((_, at) => at + 1));
    expect(changes.at(-1)).toMatchObject({ status: 'delivered', revision: row!.revision });
  });

  it('turns replies and reviews into rows and events', async () => {
    const up = {
      phone_number: '13700000001',
      content: 'TD',
      send_time: '2026-07-09 11:05:02',
      dest_code: '2493559',
      sequence_id: 568585703,
      sign_name: '【示例】',
    };
    const sign = {
      sign_name: '示例科技',
      sign_status: 'approved',
      reason: '',
      remark: 'x',
      sign_source: 'y',
      sign_scene: '通用',
      create_date: '2026-07-01 10:00:00',
      orderId: '20000000001',
    };
    const template = {
      template_code: 'SMS_100000001',
      template_name: '登录验证码',
      template_content: '验证码${code}',
      template_type: '验证码',
      template_status: 'rejected',
      reason: '含错别字',
      remark: '',
      create_date: '2026-07-01 10:00:00',
      order_id: '20000000002',
    };
    expect((await push(ingress, 'sms-up', JSON.stringify([up]))).status).toBe(200);
    expect((await push(ingress, 'sign-report', JSON.stringify([sign]))).status).toBe(200);
    expect((await push(ingress, 'template-report', JSON.stringify(template))).status).toBe(200);

    expect(await installation.untilRows(1, 'SELECT * FROM mobile_originated')).toMatchObject([
      { sender: '+8613700000001', addressee: '2493559', keyword: 'stop', origin_id: '568585703' },
    ]);
    expect(await installation.untilRows(2, 'SELECT * FROM review ORDER BY subject_kind')).toMatchObject([
      { subject_kind: 'sms-signature', subject_id: '示例科技', status: 'approved', review_id: '20000000001' },
      { subject_kind: 'sms-template', subject_id: 'SMS_100000001', status: 'rejected', reason: '含错别字' },
    ]);
    const received = await installation.records('mobile-originated.v1');
    expect(received).toHaveLength(1);
    expectValidEvent('io.quittance.message.received.v1', JSON.parse(received[0]!.value!.toString()));
    const reviews = await installation.records('review-status.v1');
    expect(reviews).toHaveLength(2);
    for (const review of reviews) {
      expectValidEvent('io.quittance.review.status-changed.v1', JSON.parse(review.value!.toString()));
    }
  });

  it('puts aside what it cannot read, with its own bytes, and goes on with the rest', async () => {
    const good = smsReport();
    const bad =
      '{"phone_number":"13800000002","success":true,"err_code":"DELIVERED","report_time":"2026-07-09 11:01:33"}';
    const body = `[${JSON.stringify(good)}, ${bad}]`;
    expect((await push(ingress, 'sms-report', body)).status).toBe(200);
    expect((await push(ingress, 'sms-report', '[{"biz_id": tru')).status).toBe(200);
    expect((await push(ingress, 'sms-report', '[]')).status).toBe(200);
    await installation.untilRows(1, `SELECT 1 FROM message WHERE reference = '${good.out_id}'`);

    await until('both are dead letters', async () => (await installation.records('dead-letters.v1')).length === 2);
    const letters = await installation.records('dead-letters.v1');
    const byCode = new Map(letters.map((letter) => [header(letter, 'dead-letter-code'), letter]));
    const element = byCode.get('FIELD_MISSING')!;
    expect(element.value!.toString()).toBe(bad);
    expect(header(element, 'dead-letter-element')).toBe('1');
    expect(header(element, 'source')).toBe('sms-report');
    expect(byCode.get('BODY_NOT_JSON')!.value!.toString()).toBe('[{"biz_id": tru');
  });

  it('keeps a poison record from stopping its partition', async () => {
    const topic = installation.topic('events.v1');
    const producer = new GroupCommitProducer({ kafka: installation.kafka, logger: silentLogger });
    const before = (await installation.records('dead-letters.v1')).length;
    // To every partition, so that whichever the next report goes to has one in front of it.
    for (let n = 0; n < 30; n++) {
      await producer.publish({ topic, key: `poison-${n}`, value: 'not an event', headers: { ce_type: 'x' } });
    }
    await producer.close();
    const after = smsReport();
    expect((await push(ingress, 'sms-report', JSON.stringify([after]))).status).toBe(200);
    await installation.untilRows(1, `SELECT 1 FROM message WHERE reference = '${after.out_id}'`);
    await until(
      'all poison is in the dead letters',
      async () => (await installation.records('dead-letters.v1')).length === before + 30,
    );
  });

  it('answers a wrong token 404 and keeps no trace of it but a metric', async () => {
    const before = (await installation.records('raw-receipts.v1')).length;
    const answers = await Promise.all([
      push(ingress, 'sms-report', '[]', { token: 'wrong-token-000000000' }),
      push(ingress, 'sms-report', '[]', { token: `${TOKEN}x` }),
      push(ingress, 'no-such-source', '[]'),
    ]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0].status).toBe(404);
    const metrics = await (await fetch(`${ingress.management}/metrics`)).text();
    expect(metrics).toMatch(/quittance_receipts_refused_total\{[^}]*source="sms-report"[^}]*\} 2/);
    expect((await installation.records('raw-receipts.v1')).length).toBe(before);
    expect(ingress.log()).not.toContain('wrong-token-000000000');
  });

  it('traces a receipt from its push to what subscribers are told, as soon as there is a collector', async () => {
    await collector.start(collectorPort);
    const report = smsReport();
    const broken = { ...smsReport(), biz_id: undefined };
    expect((await push(ingress, 'sms-report', JSON.stringify([report, broken]))).status).toBe(200);
    await installation.untilRows(1, `SELECT 1 FROM message WHERE reference = '${report.out_id}'`);

    const change = await changeOf(report.out_id);
    const [, traceId = '', sentIn] = header(change, 'traceparent').split('-');
    const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId);
    const named = (verb: 'process' | 'send', topic: TopicName) => `${verb} ${installation.topic(topic)}`;
    const projected = () => ofTrace().find(({ name }) => name === named('process', 'events.v1'));
    const batch = () => collector.spans.find(({ spanId }) => projected()?.links[0]?.spanId === spanId);
    await until('the collector has everything', () => Promise.resolve(ofTrace().length >= 6 && batch() !== undefined));

    // From the last to the first: whose part each is.
    const chain: CollectedSpan[] = [];
    for (let id = sentIn; ; id = chain.at(-1)!.parentId) {
      const span = ofTrace().find(({ spanId }) => spanId === id);
      if (span === undefined) break;
      chain.push(span);
    }
    expect(chain.map(({ service, name }) => `${service}: ${name}`).toReversed()).toEqual([
      'quittance-ingress: POST /receipts/{sourceId}/{token}',
      `quittance-ingress: ${named('send', 'raw-receipts.v1')}`,
      `quittance-normaliser: ${named('process', 'raw-receipts.v1')}`,
      `quittance-normaliser: ${named('send', 'events.v1')}`,
      `quittance-projector: ${named('process', 'events.v1')}`,
      `quittance-projector: ${named('send', 'message-status.v1')}`,
    ]);
    expect(chain.at(-1)!.parentId).toBe('');
    const receiptId = header(change, 'ce_receiptid');
    for (const { name, attributes } of chain.filter((span) => !span.name.startsWith('send'))) {
      expect({ name, receiptId: attributes['quittance.receipt.id'] }).toEqual({ name, receiptId });
    }
    expect(projected()!.attributes['messaging.kafka.message.key']).toBe(header(change, 'ce_subject'));
    expect(projected()!.attributes['messaging.kafka.offset']).toMatch(/^\d+$/);

    // Of one element that cannot be read.
    const normalised = ofTrace().find(({ name }) => name === named('process', 'raw-receipts.v1'));
    expect(normalised).toMatchObject({ failed: true, attributes: { 'error.type': 'FIELD_MISSING' } });
    // The transaction ends before the batch does.
    const steps = collector.spans.filter(({ parentId }) => parentId === batch()!.spanId);
    expect(steps.map(({ name }) => name)).toEqual(['transaction']);
  });

  it('traces nothing personal', () => {
    const exported = Buffer.concat(collector.bodies).toString();
    expect(exported).toContain('quittance-projector');
    for (const personal of ['139000000', '13700000001', TOKEN, '停机', '127.0.0.1']) {
      expect(exported).not.toContain(personal);
    }
  });

  it('says its last spans when it stops', async () => {
    const doors = () => collector.spans.filter(({ name }) => name.startsWith('POST /receipts')).length;
    const before = doors();
    expect((await push(ingress, 'sms-report', '[]')).status).toBe(200);
    await ingress.process.stop('SIGTERM', 20_000);
    expect(doors()).toBe(before + 1);
  });

  it('prints nothing personal', () => {
    const logs = installation.logs();
    expect(logs.length).toBeGreaterThan(0);
    for (const personal of ['139000000', '13700000001', 'TD"', '示例', TOKEN, '停机']) {
      expect(logs).not.toContain(personal);
    }
  });

  /** What subscribers were told of a message. */
  async function changeOf(reference: string): Promise<IncomingRecord> {
    const changes = await installation.records('message-status.v1');
    return changes.find(
      ({ value }) => (JSON.parse(value!.toString()) as { reference: string }).reference === reference,
    )!;
  }
});
