import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { IncomingRecord } from '#kafka';
import { recordedSpans } from './recorded-spans-for-tests.js';
import { inTracedBatch, type TracedBatch } from './traced-batch.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const ORIGIN = `00-${TRACE}-${SPAN}-01`;
const RECEIPT = '01900000-0000-7000-8000-000000000001';

function record(offset: number, headers: Readonly<Record<string, string>> = {}): IncomingRecord {
  const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]);
  const place = { topic: 'quittance.raw-receipts.v1', partition: 3, offset: String(offset), timestamp: 0 };
  return { ...place, key: null, value: null, headers: Object.fromEntries(bytes) as IncomingRecord['headers'] };
}

const traced = (offset: number, more: Readonly<Record<string, string>> = {}): IncomingRecord =>
  record(offset, { traceparent: ORIGIN, 'receipt-id': RECEIPT, ...more });

function ids({ parentSpanContext, links }: ReadableSpan) {
  return { parent: parentSpanContext?.spanId, links: links.map(({ context }) => context.spanId) };
}

describe('inTracedBatch', () => {
  it('gives a batch a span with links, and what is traced in it a span in its own trace', async () => {
    const { tracing, ended } = recordedSpans();
    const records = [record(1), traced(2), record(3)];
    let headers: unknown;
    await inTracedBatch(tracing, records, 'group', (batch) => {
      expect(batch!.of(records[0]!)).toBeUndefined();
      headers = batch!.send(batch!.of(records[1]!)!, 'quittance.events.v1', 2).headers;
      return Promise.resolve();
    });

    const [send, own, batch] = await ended();
    expect(batch).toMatchObject({ name: 'process quittance.raw-receipts.v1', kind: SpanKind.CONSUMER });
    expect(batch!.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.destination.partition.id': '3',
      'messaging.consumer.group.name': 'group',
      'messaging.batch.message_count': 3,
    });
    expect(batch!.spanContext().traceId).not.toBe(TRACE);
    expect(ids(batch!)).toEqual({ parent: undefined, links: [SPAN] });

    expect(own!.spanContext().traceId).toBe(TRACE);
    expect(ids(own!)).toEqual({ parent: SPAN, links: [batch!.spanContext().spanId] });
    expect(own!.attributes).toMatchObject({ 'messaging.kafka.offset': 2, 'quittance.receipt.id': RECEIPT });

    expect(send).toMatchObject({ name: 'send quittance.events.v1', kind: SpanKind.PRODUCER });
    expect(ids(send!).parent).toBe(own!.spanContext().spanId);
    expect(headers).toEqual({ traceparent: `00-${TRACE}-${send!.spanContext().spanId}-01` });
    expect(send!.resource.attributes).toMatchObject({ 'service.name': 'quittance-test', 'service.version': '1.2.3' });
  });

  it.each([
    ['nothing is traced', false, [traced(1)]],
    ['no record is', true, [record(1), record(2)]],
    ['its trace is broken', true, [record(1, { traceparent: 'broken' })]],
    ['its trace is not sampled', true, [record(1, { traceparent: ORIGIN.replace(/1$/, '0') })]],
  ])('spends nothing where %s', async (_why, isOn, records) => {
    const { tracing, ended } = recordedSpans();
    const seen: (TracedBatch | null)[] = [];
    await inTracedBatch(isOn ? tracing : null, records, 'group', (batch) => Promise.resolve(seen.push(batch)));
    expect(seen).toEqual([null]);
    expect(await ended()).toEqual([]);
  });

  it('passes on what other systems say of the trace', async () => {
    const { tracing, ended } = recordedSpans();
    const one = traced(1, { tracestate: 'vendor=opaque' });
    await inTracedBatch(tracing, [one], 'group', (batch) => {
      expect(batch!.send(batch!.of(one)!, 't', 1).headers.tracestate).toBe('vendor=opaque');
      return Promise.resolve();
    });
    expect(await ended()).toHaveLength(3);
  });

  it.each([
    ['redriven', { 'redriven-from': '0/7' }],
    ['replayed', { 'copy-of': 'quittance.raw-receipts.v1/0/7' }],
  ])('begins a trace of its own for what is %s, with a link to the first', async (_what, header) => {
    const { tracing, ended } = recordedSpans();
    await inTracedBatch(tracing, [traced(1, header)], 'group', () => Promise.resolve());
    const [own, batch] = await ended();
    expect(ids(own!)).toEqual({ parent: undefined, links: [SPAN, batch!.spanContext().spanId] });
    expect(own!.spanContext().traceId).not.toBe(TRACE);
  });

  it('marks what became a dead letter', async () => {
    const { tracing, ended } = recordedSpans();
    const records = [traced(1), traced(2)];
    await inTracedBatch(tracing, records, 'group', (batch) => {
      batch!.reject(records[0]!, 'FIELD_MISSING');
      return Promise.resolve();
    });
    const [rejected, fine] = await ended();
    expect(rejected!.attributes['error.type']).toBe('FIELD_MISSING');
    expect(rejected!.status.code).toBe(2);
    expect(fine!.status.code).toBe(0);
  });

  it('keeps of an attempt that fails the span of the batch alone, with the name of the error', async () => {
    const { tracing, ended } = recordedSpans();
    const failing = inTracedBatch(tracing, [traced(1)], 'group', () => Promise.reject(new TypeError('13800000001')));
    await expect(failing).rejects.toThrow(TypeError);
    const [batch, ...others] = await ended();
    expect(others).toEqual([]);
    expect(batch!.attributes['error.type']).toBe('TypeError');
    expect(JSON.stringify([batch!.status, batch!.attributes, batch!.events])).not.toContain('138');
  });

  it('tells no key or id that is not ours', async () => {
    const { tracing, ended } = recordedSpans();
    const foreign = { ...traced(1, { ce_id: '13800000001', 'receipt-id': 'x' }), key: Buffer.from('13800000001') };
    await inTracedBatch(tracing, [foreign], 'group', () => Promise.resolve());
    const [own] = await ended();
    expect(Object.values(own!.attributes)).not.toContain('13800000001');
  });
});
