import type pg from 'pg';
import { pause } from '#kafka';
import { whileAlone } from './while-alone.js';

/** A job that one of all processes does. */
export interface LoneJob {
  readonly connection: pg.ClientConfig;
  /** Name of its lock; the same for all processes. */
  readonly lock: string;
  /** Does it until it is told to stop, with the session that holds the lock. */
  readonly work: (client: pg.Client) => Promise<void>;
  /** Where another process does it, or it failed, the lock is asked for again after this, ms. */
  readonly askAgain: number;
  /** Another process does it, or this one has been told to stop. */
  readonly onElsewhere?: () => void;
  /** Asking for the lock or the work itself failed: perhaps nobody does it at the moment. */
  readonly onInterrupted: (reason: string) => void;
}

/**
 * Does a job until the signal says to stop. Of several processes one does it: the one whose session holds the lock. When
 * its process ends, so does the session, and another takes over. Never throws: what fails is tried again.
 */
export async function aloneUntilStopped(job: LoneJob, signal: AbortSignal): Promise<void> {
  const { connection, lock, work, askAgain, onElsewhere, onInterrupted } = job;
  while (!signal.aborted) {
    try {
      await whileAlone(connection, lock, work);
      onElsewhere?.();
    } catch (error) {
      onInterrupted(error instanceof Error ? error.message : 'unknown error');
    }
    await pause(askAgain, signal);
  }
}
