import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind as Kind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Context, Link, Span as OtelSpan, SpanContext, Tracer } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { TraceHeaders } from '#contracts';
import { ToldExporter } from './told-exporter.js';
import { readTraceparent, traceparentOf } from './trace-context.js';
import type {
  Attributes,
  Span,
  SpanBeginning,
  SpanKind,
  TracedProcess,
  Tracing,
  TracingLogger,
  TracingSettings,
} from './tracing.js';

/** Spans that wait for the collector; more are dropped. A span is about 1 KB, so this is 8 MB at worst. */
const MAX_WAITING = 8_192;
const SPANS_OF_A_REQUEST = 512;
/** How long spans are gathered, ms. */
const GATHERED = 1_000;
/** What a request may take, trying again included, ms. */
const LONGEST_REQUEST = 5_000;
/** A batch has as many records at most, and a link to each that is traced. */
const MOST_LINKS = 1_000;

const KINDS: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
};

/** Traces by OpenTelemetry's SDK. The only file that loads it. */
export class OpenTelemetry implements Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #share: number;

  /** @param exporter where spans go */
  constructor({ app, version }: TracedProcess, share: number, exporter: SpanExporter) {
    const resource = resourceFromAttributes({
      'service.name': `quittance-${app}`,
      'service.version': version,
      'service.instance.id': randomUUID(),
      'host.name': hostname(),
    });
    this.#provider = new TracerProvider({
      resource: defaultResource().merge(resource),
      // Whoever starts a span has decided already: by `samples`, or because the trace has come with a record.
      sampler: new AlwaysOnSampler(),
      spanLimits: { linkCountLimit: MOST_LINKS },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter,
          maxQueueSize: MAX_WAITING,
          maxExportBatchSize: SPANS_OF_A_REQUEST,
          scheduledDelayMillis: GATHERED,
          exportTimeoutMillis: 2 * LONGEST_REQUEST,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer('quittance', version);
    this.#share = share;
  }

  /** With an exporter that sends OTLP over HTTP, and says so when it cannot. */
  static open(from: TracedProcess, { endpoint, share }: TracingSettings, logger: TracingLogger): OpenTelemetry {
    const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: LONGEST_REQUEST });
    return new OpenTelemetry(from, share, new ToldExporter(exporter, logger));
  }

  samples(): boolean {
    return Math.random() < this.#share;
  }

  start(name: string, { kind, parent, links = [], attributes, began = performance.now() }: SpanBeginning): Span {
    const options = {
      kind: KINDS[kind],
      links: links.flatMap((link): Link[] => {
        const context = contextOf(link);
        return context === null ? [] : [{ context }];
      }),
      startTime: began,
      ...(attributes === undefined ? {} : { attributes }),
    };
    return new RecordedSpan(this.#tracer.startSpan(name, options, surroundings(parent)));
  }

  async close(within: number): Promise<void> {
    // What it rejects with is that spans got nowhere, which the exporter has told.
    const flushed = this.#provider.shutdown().catch(() => undefined);
    await Promise.race([flushed, delay(within, undefined, { ref: false })]);
  }
}

class RecordedSpan implements Span {
  readonly headers: TraceHeaders;

  constructor(private readonly span: OtelSpan) {
    const context = span.spanContext();
    const tracestate = context.traceState?.serialize();
    this.headers = { traceparent: traceparentOf(context), ...(tracestate ? { tracestate } : {}) };
  }

  get context(): SpanContext {
    return this.span.spanContext();
  }

  set(attributes: Attributes): void {
    this.span.setAttributes(attributes);
  }

  end(error?: string): void {
    if (error !== undefined) {
      this.span.setAttribute('error.type', error);
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end(performance.now());
  }
}

function surroundings(parent: Span | TraceHeaders | undefined): Context {
  const context = parent === undefined ? null : contextOf(parent);
  return context === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, context);
}

/** Of headers that came with a record; null for broken ones. */
function contextOf(place: Span | TraceHeaders): SpanContext | null {
  if (place instanceof RecordedSpan) return place.context;
  const { traceparent, tracestate } = 'headers' in place ? place.headers : place;
  const read = readTraceparent(traceparent);
  if (read === null) return null;
  return {
    traceId: read.traceId,
    spanId: read.spanId,
    traceFlags: read.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: new TraceState(tracestate) }),
  };
}
