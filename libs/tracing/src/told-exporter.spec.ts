import { describe, expect, it } from '@jest/globals';
import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { ToldExporter } from './told-exporter.js';

/** Whether the collector takes what is exported next. */
let takes = true;

const exporter: SpanExporter = {
  export: (_spans, report) => {
    if (takes) report({ code: ExportResultCode.SUCCESS });
    else
      report({
        code: ExportResultCode.FAILED,
        error: Object.assign(new Error('13800000001'), { code: 'ECONNREFUSED' }),
      });
  },
  shutdown: () => Promise.resolve(),
};

describe('ToldExporter', () => {
  it('says once that spans get nowhere, and once that they do again, with how many are lost', () => {
    const told: unknown[] = [];
    const tell = (fields: object, message: string): void => void told.push({ message, ...fields });
    const careful = new ToldExporter(exporter, { info: tell, warn: tell });
    const results: ExportResultCode[] = [];
    for (takes of [true, false, false, true, true]) {
      careful.export([{}, {}] as ReadableSpan[], ({ code }) => results.push(code));
    }
    expect(results).toEqual([
      ExportResultCode.SUCCESS,
      ExportResultCode.FAILED,
      ExportResultCode.FAILED,
      ExportResultCode.SUCCESS,
      ExportResultCode.SUCCESS,
    ]);
    expect(told).toEqual([
      { message: 'traces.not-exported', reason: 'ECONNREFUSED' },
      { message: 'traces.exported-again', lost: 4 },
    ]);
  });
});
