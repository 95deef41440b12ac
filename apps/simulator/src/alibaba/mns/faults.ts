import { Injectable } from '@nestjs/common';
import type { Random } from '../../plan/random.js';
import { seededRandom } from '../../plan/random.js';

/** What goes wrong by chance: how many of 1. */
export interface FaultShares {
  /** 500 InternalError, and nothing done. */
  errorShare: number;
  /** The connection is destroyed without an answer, and nothing done. */
  dropShare: number;
  /** Messages are taken, and the connection is destroyed before the answer. */
  dropAfterReceiveShare: number;
  /** A delete is answered as done, and was not. */
  lostDeleteShare: number;
  /** A message that is sent is there twice. */
  duplicateShare: number;
  /** A message leaves before others that came earlier. */
  disorderShare: number;
  /** A batch receive gives fewer than were asked for and are there. */
  shortReceiveShare: number;
  /** 400 QpsLimitExceeded, and nothing done. */
  throttleShare: number;
  /** A token is refused with 503. */
  refuseShare: number;
}

/** What goes wrong every time, once it is set. */
export interface FaultSettings extends FaultShares {
  /** Deletes are answered at once and done so many ms later. */
  delayedDeleteMs: number;
  /** Answers about queues come so many ms late. */
  slowMs: number;
  /** Of the tokens that are issued from now on, seconds; null: as the simulator was started. */
  lifetimeSeconds: number | null;
  /** What a request with an expired token is answered; the vendor does not say which it is. */
  expiredAs: 'AccessDenied' | 'InvalidAccessKeyId';
}

/** Everything that can be counted. */
export type FaultName = Exclude<keyof FaultSettings, 'lifetimeSeconds' | 'expiredAs'> | 'expireNow';

/** Nothing goes wrong. */
export const NO_FAULTS: Readonly<FaultSettings> = {
  errorShare: 0,
  dropShare: 0,
  dropAfterReceiveShare: 0,
  lostDeleteShare: 0,
  delayedDeleteMs: 0,
  duplicateShare: 0,
  disorderShare: 0,
  slowMs: 0,
  shortReceiveShare: 0,
  throttleShare: 0,
  refuseShare: 0,
  lifetimeSeconds: null,
  expiredAs: 'AccessDenied',
};

/** The seed until somebody sets one. */
const FIRST_SEED = 1;

/** What goes wrong on demand, and how often it did. */
@Injectable()
export class Faults {
  #settings: FaultSettings = { ...NO_FAULTS };
  #seed = FIRST_SEED;
  #random = seededRandom(FIRST_SEED);
  #counts: Partial<Record<FaultName, number>> = {};

  get settings(): Readonly<FaultSettings> {
    return this.#settings;
  }

  get seed(): number {
    return this.#seed;
  }

  /** How often each happened since the last `clear`; what never did is left out. */
  get counts(): Readonly<Partial<Record<FaultName, number>>> {
    return this.#counts;
  }

  /** The chance that faults are drawn from. */
  get random(): Random {
    return this.#random;
  }

  /** Sets what is named and leaves the rest. A seed begins the sequence of chances anew. */
  set(settings: Partial<FaultSettings>, seed?: number): void {
    this.#settings = { ...this.#settings, ...settings };
    if (seed === undefined) return;
    this.#seed = seed;
    this.#random = seededRandom(seed);
  }

  /** Nothing goes wrong any more, and nothing has. */
  clear(): void {
    this.#settings = { ...NO_FAULTS };
    this.#counts = {};
  }

  /** Whether it goes wrong now; counted if so. */
  strikes(fault: keyof FaultShares): boolean {
    const share = this.#settings[fault];
    if (share === 0 || !this.#random.chance(share)) return false;
    this.count(fault);
    return true;
  }

  /** Notes that something went wrong. */
  count(fault: FaultName, times = 1): void {
    this.#counts[fault] = (this.#counts[fault] ?? 0) + times;
  }
}
