export { inTracedBatch, sending, type TracedBatch } from './traced-batch.js';
export { LAST_SPANS, openTracing } from './tracing.js';
export type { Attributes, Span, SpanBeginning, SpanKind, TracedProcess, Tracing, TracingSettings } from './tracing.js';
