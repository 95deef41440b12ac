import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PublishFailedError } from '#kafka';
import { openTracing, type Tracing } from '#tracing';
import { Collector, type CollectedSpan } from '../../../test/tracing/collector.js';
import { closeIngress, ingress, TOKEN, type IngressSettings } from './ingress-for-tests.js';
import { traceDrained } from './receipt-trace.js';

const FOREIGN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const logger = { info: () => undefined, warn: () => undefined };

describe('a traced receipt', () => {
  const collector = new Collector();
  let port: number;
  let tracing: Tracing;

  beforeEach(async () => {
    collector.spans.length = 0;
    port = await collector.start();
    tracing = await open(1);
  });

  afterEach(async () => {
    await closeIngress();
    await tracing.close(0);
    await collector.stop();
  });

  async function open(share: number): Promise<Tracing> {
    const settings = { endpoint: `http://127.0.0.1:${port}`, share };
    return (await openTracing({ app: 'ingress', version: '1.2.3' }, settings, logger))!;
  }

  async function pushed(settings: IngressSettings, headers: Readonly<Record<string, string>> = {}) {
    const { app, published } = await ingress({ tracing, ...settings });
    const payload = '[{"phone_number":"13800000001"}]';
    const url = `/receipts/ali/${TOKEN}`;
    const { statusCode } = await app.inject({ method: 'POST', url, headers, payload });
    return { statusCode, record: published[0] };
  }

  /** What the collector has once everything is sent, by name. */
  async function spans(): Promise<ReadonlyMap<string, CollectedSpan>> {
    await tracing.close(10_000);
    return new Map(collector.spans.map((span) => [span.name, span]));
  }

  it('has a span until its answer, and in it one whose headers its record carries', async () => {
    const { statusCode, record } = await pushed({});
    expect(statusCode).toBe(200);
    const collected = await spans();
    expect([...collected.keys()].toSorted()).toEqual([
      'POST /receipts/{sourceId}/{token}',
      'send quittance.raw-receipts.v1',
    ]);
    const [door, send] = [
      collected.get('POST /receipts/{sourceId}/{token}')!,
      collected.get('send quittance.raw-receipts.v1')!,
    ];
    expect(door).toMatchObject({ service: 'quittance-ingress', parentId: '', links: [], failed: false });
    expect(door.attributes).toMatchObject({
      'http.response.status_code': '200',
      'quittance.source': 'ali',
      'quittance.receipt.id': record!.headers['receipt-id'],
    });
    expect(send).toMatchObject({ traceId: door.traceId, parentId: door.spanId, failed: false });
    expect(record!.headers.traceparent).toBe(`00-${send.traceId}-${send.spanId}-01`);
    const everything = Buffer.concat(collector.bodies).toString('latin1');
    expect(everything).not.toContain(TOKEN);
    expect(everything).not.toContain('13800000001');
  });

  it('does not become a part of the trace of whoever pushes, but leads to it', async () => {
    const { record } = await pushed({}, { traceparent: FOREIGN });
    const door = (await spans()).get('POST /receipts/{sourceId}/{token}')!;
    expect(door.links).toEqual([{ traceId: FOREIGN.split('-')[1], spanId: FOREIGN.split('-')[2] }]);
    expect(door.traceId).not.toBe(FOREIGN.split('-')[1]);
    expect(record!.headers.traceparent).toContain(door.traceId);
  });

  it('tells why it was not taken', async () => {
    const { statusCode } = await pushed({ publish: () => Promise.reject(new PublishFailedError('no')) });
    expect(statusCode).toBe(503);
    for (const span of (await spans()).values()) {
      expect(span.failed).toBe(true);
      expect(span.attributes['error.type']).toBe('kafka-unavailable');
    }
  });

  it('is one of many: the others carry nothing', async () => {
    await tracing.close(0);
    tracing = await open(0);
    const { record } = await pushed({}, { traceparent: FOREIGN });
    expect(Object.keys(record!.headers)).not.toContain('traceparent');
    expect((await spans()).size).toBe(0);
  });

  it('has one span more when it comes from the spool', async () => {
    const { record } = await pushed({});
    const untraced = { ...record!, headers: { 'receipt-id': 'x' } };
    traceDrained(tracing, [untraced, record!], performance.now());
    await spans();
    const [spooled, drained, ...more] = collector.spans.filter(({ name }) => name === 'send quittance.raw-receipts.v1');
    expect(more).toEqual([]);
    expect(drained).toMatchObject({ traceId: spooled!.traceId, parentId: spooled!.spanId });
    // As protobuf writes what is true.
    expect(drained!.attributes['quittance.spooled']).toBe('1');
  });
});
