import { backoffDelay, DEFAULT_BACKOFF, pause, type Backoff } from './backoff.js';
import { classifyError } from './classify.js';
import { PermanentError } from './errors.js';
import type { IncomingRecord } from './records.js';

/**
 * Does the work for some records of one partition, in order. It is asked again with the same records, or with fewer of
 * them, until it returns; so doing the work twice must be harmless.
 */
export type RecordsHandler = (records: readonly IncomingRecord[]) => Promise<void>;

/** What `processRecords` needs. */
export interface ProcessingRules {
  readonly handle: RecordsHandler;
  /** Puts a record aside for good. It is asked again until it returns. */
  readonly deadLetter: (record: IncomingRecord, reason: PermanentError) => Promise<void>;
  /** Told as soon as it is true that all records up to this one are done, and stay so however the others end. */
  readonly onDone: (last: IncomingRecord) => void;
  /** Whether everything that the handler needs answers. Only then can a record be blamed. */
  readonly probe: () => Promise<boolean>;
  /** Told of every failed attempt, and with null that the work goes on. */
  readonly onTrouble: (error: unknown) => void;
  /** Aborted when the records are no longer ours: a rebalance, a shutdown. */
  readonly signal: AbortSignal;
  /** How long one cause may hold the records up here before they are given back, ms; absent: for ever. */
  readonly patience?: number;
  readonly backoff?: Backoff;
}

/** The records were not worked off, because they are no longer ours. Nothing of them may be committed. */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
}

/** The records cannot be worked off now. They are given back, to be tried again later: others must not wait for them. */
export class OutOfPatienceError extends Error {
  override readonly name = 'OutOfPatienceError';
}

/**
 * How often a record alone may fail without an explanation, with everything it needs well, before it is put aside. Until
 * then it is not given back, however long the attempts take: they would be counted from the beginning, and never end.
 */
const UNEXPLAINED_ATTEMPTS = 3;

/**
 * Works off records so that nothing is skipped and nothing is tried for ever on one record's account:
 * what the records need is away: the same again, with backoff, for as long as it takes; one of them cannot be
 * processed: halve until it stands alone, and put it aside as a dead letter.
 *
 * @throws AbandonedError when `signal` is aborted first
 * @throws OutOfPatienceError when it takes longer than `patience`; what `onDone` was told of stays done
 * @throws PositionMovedError as the handler threw it
 */
export async function processRecords(records: readonly IncomingRecord[], rules: ProcessingRules): Promise<void> {
  let unexplained = 0;
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    goOn(rules);
    let failure: unknown;
    try {
      await rules.handle(records);
      rules.onTrouble(null);
      rules.onDone(records.at(-1)!);
      return;
    } catch (error) {
      failure = error;
    }

    const kind = classifyError(failure);
    if (kind === 'moved') throw failure;
    if (kind !== 'transient' && records.length > 1) {
      const middle = records.length >> 1;
      await processRecords(records.slice(0, middle), rules);
      await processRecords(records.slice(middle), rules);
      return;
    }
    const [record] = records;
    if (kind === 'permanent' && record) {
      await putAside(record, failure as PermanentError, rules);
      return;
    }
    rules.onTrouble(failure);
    if (kind === 'unexplained' && record && (await rules.probe())) {
      unexplained += 1;
      if (unexplained === UNEXPLAINED_ATTEMPTS) {
        const name = failure instanceof Error ? failure.name : typeof failure;
        await putAside(record, new PermanentError('UNEXPLAINED', name, { cause: failure }), rules);
        return;
      }
      await pause(backoffDelay(rules.backoff ?? DEFAULT_BACKOFF, unexplained), rules.signal);
    } else {
      await pauseOrGiveBack(rules, began, attempt);
    }
  }
}

async function putAside(record: IncomingRecord, reason: PermanentError, rules: ProcessingRules): Promise<void> {
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    goOn(rules);
    try {
      await rules.deadLetter(record, reason);
      rules.onTrouble(null);
      rules.onDone(record);
      return;
    } catch (error) {
      // It may be this very dead letter that moved the position, in a commit whose answer was lost.
      if (classifyError(error) === 'moved') throw error;
      rules.onTrouble(error);
      await pauseOrGiveBack(rules, began, attempt);
    }
  }
}

function goOn({ signal }: ProcessingRules): void {
  if (signal.aborted) throw new AbandonedError('the records are no longer ours');
}

/** Not a pause that ends after the patience does: so others wait no longer than that, and the attempt under way. */
async function pauseOrGiveBack(rules: ProcessingRules, began: number, attempt: number): Promise<void> {
  const { signal, patience = Infinity, backoff = DEFAULT_BACKOFF } = rules;
  const delay = backoffDelay(backoff, attempt);
  if (!signal.aborted && performance.now() - began + delay > patience) {
    throw new OutOfPatienceError('cannot be worked off now');
  }
  await pause(delay, signal);
}
