import { describe, expect, it } from '@jest/globals';
import { jsonLine, spread, table, type Measurement } from './measurement.js';

const measurement = (repetition: number, req_s: number, problems: string[] = []): Measurement => ({
  measure: 'ingest',
  variant: 'closed loop',
  repetition,
  values: { req_s, p99_ms: 12.345 },
  problems,
});

describe('measurements', () => {
  it('are one flat line of JSON each', () => {
    expect(JSON.parse(jsonLine(measurement(2, 30_000)))).toEqual({
      measure: 'ingest',
      variant: 'closed loop',
      repetition: 2,
      problems: [],
      req_s: 30_000,
      p99_ms: 12.345,
    });
  });

  it('show the median between the extremes', () => {
    expect(spread([30_000, 10_000, 20_000])).toBe('20,000 (10,000..30,000)');
    expect(spread([7.126])).toBe('7.13');
  });

  it('gather in a table by kind, with what is wrong', () => {
    const text = table([measurement(1, 100), measurement(2, 300, ['3 receipts are missing']), measurement(3, 200)]);
    expect(text).toContain('ingest, closed loop');
    expect(text).toMatch(/req_s +200 \(100\.\.300\)/);
    expect(text).toContain('NOT VALID: 3 receipts are missing');
  });
});
