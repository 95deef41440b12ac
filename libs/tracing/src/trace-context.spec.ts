import { describe, expect, it } from '@jest/globals';
import { isTraced, readTraceparent, traceparentOf } from './trace-context.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('is read and written', () => {
    const context = { traceId: TRACE, spanId: SPAN, isSampled: true };
    expect(readTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual(context);
    expect(readTraceparent(traceparentOf(context))).toEqual(context);
    // Bit 1 says that the trace id is random.
    expect(readTraceparent(`00-${TRACE}-${SPAN}-03`)).toEqual(context);
  });

  it('of a later version may go on', () => {
    expect(readTraceparent(`01-${TRACE}-${SPAN}-01-what-may-come`)).toMatchObject({ traceId: TRACE, isSampled: true });
    expect(readTraceparent(`00-${TRACE}-${SPAN}-01-what-may-come`)).toBeNull();
  });

  it('that asks for no trace gets none', () => {
    expect(isTraced({ traceparent: `00-${TRACE}-${SPAN}-01` })).toBe(true);
    expect(isTraced({ traceparent: `00-${TRACE}-${SPAN}-00` })).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['a word', 'traceparent'],
    ['no version', `${TRACE}-${SPAN}-01`],
    ['the version that is none', `ff-${TRACE}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace that is too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a line behind it', `00-${TRACE}-${SPAN}-01\nx`],
    ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ])('that is broken is none: %s', (_what, text) => {
    expect(readTraceparent(text)).toBeNull();
    expect(isTraced({ traceparent: text })).toBe(false);
  });
});
