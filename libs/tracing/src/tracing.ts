import type { TraceHeaders } from '#contracts';

/** What a span is about, in OpenTelemetry's words; in a trace viewer it decides how spans are joined. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';

/** Names of OpenTelemetry's semantic conventions, or `quittance.…`. Never anything personal, nor what is secret. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What a span begins with. */
export interface SpanBeginning {
  readonly kind: SpanKind;
  /** What it is a part of. Absent, or broken: a new trace begins. */
  readonly parent?: Span | TraceHeaders | undefined;
  /** What has to do with it and is a part of something else. Broken ones are left out. */
  readonly links?: readonly (Span | TraceHeaders)[];
  readonly attributes?: Attributes;
  /** `performance.now()` of when it began; absent: now. */
  readonly began?: number;
}

/** A stretch of work. One that is never ended is never seen. */
export interface Span {
  /** For the record that goes out in it. */
  readonly headers: TraceHeaders;
  set(attributes: Attributes): void;
  /**
   * To be called once.
   * @param error a code or the name of an error, never its text: texts may quote data
   */
  end(error?: string): void;
}

/** Traces of this process. Where there are none, the apps have null instead. */
export interface Tracing {
  /** Whether something that begins here is to be traced. What has begun elsewhere says so itself: `isTraced`. */
  samples(): boolean;
  start(name: string, beginning: SpanBeginning): Span;
  /** Sends what has ended, for `within` ms at most. Never rejects. */
  close(within: number): Promise<void>;
}

/** Where spans go, and how many of them. */
export interface TracingSettings {
  /** OTLP over HTTP, as `http://collector:4318`. */
  readonly endpoint: string;
  /** Of the receipts, from 0 to 1. */
  readonly share: number;
}

/** What is told of spans that get nowhere. */
export interface TracingLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** The process that spans come from. */
export interface TracedProcess {
  /** `ingress`. */
  readonly app: string;
  readonly version: string;
}

/** What a stopping process gives the spans that nobody has yet, ms. Its grace is for what matters more. */
export const LAST_SPANS = 1_000;

/**
 * The traces of a process; null where no endpoint is set. Nothing of OpenTelemetry is loaded then: its modules take
 * time to load and memory, which nobody should pay who has no collector.
 */
export async function openTracing(
  { app, version }: TracedProcess,
  settings: TracingSettings | null,
  logger: TracingLogger,
): Promise<Tracing | null> {
  if (settings === null) return null;
  const { OpenTelemetry } = await import('./open-telemetry.js');
  return OpenTelemetry.open({ app, version }, settings, logger);
}
