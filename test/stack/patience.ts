import { jest } from '@jest/globals';

// A bound for what hangs, not a measure: these tests wait for conditions.
jest.setTimeout(120_000);
