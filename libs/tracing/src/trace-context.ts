import type { TraceHeaders } from '#contracts';

/** What a `traceparent` says. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the one who began it wants it to be traced. */
  readonly isSampled: boolean;
}

/** Ids of nothing but zeros, and the version ff, are none: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 1;

/** Reads a `traceparent`; null for what is none. Later versions may say more behind what we know. */
export function readTraceparent(text: string): TraceContext | null {
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === '00' && more !== undefined) return null;
  return { traceId, spanId, isSampled: (parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

/** The `traceparent` of something that is traced. */
export function traceparentOf({ traceId, spanId }: Pick<TraceContext, 'traceId' | 'spanId'>): string {
  return `00-${traceId}-${spanId}-01`;
}

/** Whether a record is to be traced: one whose trace is broken goes its way without. */
export function isTraced({ traceparent }: TraceHeaders): boolean {
  return readTraceparent(traceparent)?.isSampled === true;
}
