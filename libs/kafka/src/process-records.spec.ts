import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PermanentError, PositionMovedError, TransientError } from './errors.js';
import { AbandonedError, OutOfPatienceError, processRecords, type ProcessingRules } from './process-records.js';
import type { IncomingRecord } from './records.js';

const QUICK = { first: 1, most: 2 };

function record(offset: number): IncomingRecord {
  return { topic: 't', partition: 0, offset: String(offset), timestamp: 0, key: null, value: null, headers: {} };
}

function records(count: number): IncomingRecord[] {
  return Array.from({ length: count }, (_, at) => record(at));
}

/** Does the work by noting the offsets, unless `fail` objects. */
function worker(fail: (batch: readonly IncomingRecord[]) => Error | null, overrides: Partial<ProcessingRules> = {}) {
  const done: string[] = [];
  const dead: string[] = [];
  const prefixes: number[] = [];
  const rules: ProcessingRules = {
    handle: (batch) => {
      const error = fail(batch);
      if (error) return Promise.reject(error);
      done.push(...batch.map(({ offset }) => offset));
      return Promise.resolve();
    },
    deadLetter: ({ offset }, { code }) => {
      dead.push(`${offset} ${code}`);
      return Promise.resolve();
    },
    probe: () => Promise.resolve(true),
    onDone: ({ offset }) => prefixes.push(Number(offset)),
    onTrouble: () => undefined,
    signal: new AbortController().signal,
    backoff: QUICK,
    ...overrides,
  };
  return { done, dead, prefixes, rules };
}

const poison = (offsets: readonly number[], error: () => Error) => (batch: readonly IncomingRecord[]) =>
  batch.some(({ offset }) => offsets.includes(Number(offset))) ? error() : null;

describe('processRecords', () => {
  it('puts exactly the poison aside and does everything else once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat({ max: 39 })), async (count, poisoned) => {
        const { done, dead, prefixes, rules } = worker(
          poison(poisoned, () => new PermanentError('EVENT_INVALID', 'x')),
        );
        await processRecords(records(count), rules);
        expect(prefixes).toEqual(prefixes.toSorted((a, b) => a - b));
        expect(prefixes.at(-1)).toBe(count - 1);
        const bad = (at: number) => poisoned.includes(at);
        const all = Array.from({ length: count }, (_, at) => at);
        expect(done).toEqual(all.filter((at) => !bad(at)).map(String));
        expect(dead).toEqual(all.filter(bad).map((at) => `${at} EVENT_INVALID`));
      }),
    );
  });

  it('puts a record aside that fails without an explanation while everything answers', async () => {
    const { done, dead, rules } = worker(poison([2], () => new TypeError('a fault of ours')));
    await processRecords(records(5), rules);
    expect(done).toEqual(['0', '1', '3', '4']);
    expect(dead).toEqual(['2 UNEXPLAINED']);
  });

  it('blames no record while what it needs is away', async () => {
    let probes = 0;
    let away = true;
    const { done, dead, rules } = worker(() => (away ? new TypeError('x') : null), {
      probe: () => {
        probes += 1;
        if (probes === 10) away = false;
        return Promise.resolve(false);
      },
    });
    await processRecords(records(1), rules);
    expect(dead).toEqual([]);
    expect(done).toEqual(['0']);
  });

  it('repeats the same records for as long as it takes when something is away', async () => {
    let attempts = 0;
    const { done, rules } = worker(() => (++attempts < 20 ? new TransientError('away') : null));
    await processRecords(records(3), rules);
    expect(attempts).toBe(20);
    expect(done).toEqual(['0', '1', '2']);
  });

  it('tries until the dead letter is written', async () => {
    let attempts = 0;
    const { rules } = worker(
      poison([0], () => new PermanentError('EVENT_INVALID', 'x')),
      {
        deadLetter: () => (++attempts < 5 ? Promise.reject(new TransientError('away')) : Promise.resolve()),
      },
    );
    await processRecords(records(1), rules);
    expect(attempts).toBe(5);
  });

  it('hands on that the position moved while the dead letter was written', async () => {
    const { rules } = worker(
      poison([0], () => new PermanentError('EVENT_INVALID', 'x')),
      {
        deadLetter: () => Promise.reject(new PositionMovedError('moved')),
      },
    );
    await expect(processRecords(records(1), rules)).rejects.toThrow(PositionMovedError);
  });

  it('reports trouble, and that it is over', async () => {
    const reports: boolean[] = [];
    let attempts = 0;
    const { rules } = worker(() => (++attempts < 3 ? new TransientError('away') : null), {
      onTrouble: (error) => reports.push(error === null),
    });
    await processRecords(records(1), rules);
    expect(reports).toEqual([false, false, true]);
  });

  it('stops trying when the records are no longer ours', async () => {
    const lost = new AbortController();
    const { done, dead, rules } = worker(
      () => {
        lost.abort();
        return new TransientError('away');
      },
      { signal: lost.signal, backoff: { first: 60_000, most: 60_000 } },
    );
    await expect(processRecords(records(2), rules)).rejects.toThrow(AbandonedError);
    expect([...done, ...dead]).toEqual([]);
  });

  it('gives the records back when they hold others up', async () => {
    let attempts = 0;
    const { done, dead, rules } = worker(
      () => {
        attempts += 1;
        return new TransientError('away');
      },
      { patience: 20 },
    );
    await expect(processRecords(records(2), rules)).rejects.toThrow(OutOfPatienceError);
    expect(attempts).toBeGreaterThan(1);
    expect([...done, ...dead]).toEqual([]);
  });

  it('tells what was done before it gives the rest back, so that nothing is put aside twice', async () => {
    const { done, dead, prefixes, rules } = worker(
      (batch) => {
        if (batch.some(({ offset }) => offset === '1')) return new PermanentError('EVENT_INVALID', 'x');
        return batch.some(({ offset }) => offset === '6') ? new TransientError('locked') : null;
      },
      { patience: 20 },
    );
    const all = records(10);
    await expect(processRecords(all, rules)).rejects.toThrow(OutOfPatienceError);
    for (let turn = 0; turn < 3; turn++) {
      const rest = all.slice(prefixes.at(-1)! + 1);
      await expect(processRecords(rest, rules)).rejects.toThrow(OutOfPatienceError);
    }
    expect(dead).toEqual(['1 EVENT_INVALID']);
    expect(new Set(done).size).toBe(done.length);
  });

  it('judges a record that nobody can explain, also where its attempts take longer than its patience', async () => {
    const { done, dead, rules } = worker(() => null, {
      handle: async () => {
        await new Promise((resolve) => setTimeout(resolve, 15));
        throw new TypeError('a fault of ours');
      },
      patience: 10,
    });
    await processRecords(records(1), rules);
    expect([done, dead]).toEqual([[], ['0 UNEXPLAINED']]);
  });

  it('does not hold others up for a pause that takes longer than its patience', async () => {
    const slow = { first: 3_600_000, most: 3_600_000 };
    const { rules } = worker(() => new TransientError('away'), { patience: 60_000, backoff: slow });
    await expect(processRecords(records(2), rules)).rejects.toThrow(OutOfPatienceError);
    const { rules: others } = worker(
      poison([0], () => new PermanentError('EVENT_INVALID', 'x')),
      { patience: 60_000, backoff: slow, deadLetter: () => Promise.reject(new TransientError('away')) },
    );
    await expect(processRecords(records(2), others)).rejects.toThrow(OutOfPatienceError);
  });

  it('hands a moved position on', async () => {
    const { rules } = worker(() => new PositionMovedError('moved'));
    await expect(processRecords(records(2), rules)).rejects.toThrow(PositionMovedError);
  });
});
