/**
 * Where a record stands in a trace, as headers of it: the record headers that OpenTelemetry's instrumentations of Kafka
 * read and write in every language. Only records that are traced have them. They say nothing about a fact: no id, key or
 * merge looks at them. Format: https://www.w3.org/TR/trace-context/
 */
export interface TraceHeaders {
  /** `00-{trace id}-{span id}-{flags}`. */
  readonly traceparent: string;
  /** What tracing systems add for themselves. We pass it on. */
  readonly tracestate?: string;
}

/** Their names. */
export const TRACE_HEADERS = { traceparent: 'traceparent', tracestate: 'tracestate' } as const;
