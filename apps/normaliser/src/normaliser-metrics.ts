import { Counter, type Registry } from 'prom-client';
import { DEAD_LETTER_CODES, type EventType } from '#contracts';
import { PROVIDERS } from '#providers';
import { METRIC_PREFIX } from '#runtime';
import type { Tally } from './tally.js';

/** What receipts and submissions become. */
const MADE_HERE: readonly EventType[] = [
  'io.quittance.message.status-reported.v1',
  'io.quittance.message.submitted.v1',
  'io.quittance.message.originated.v1',
  'io.quittance.review.status-reported.v1',
  'io.quittance.account.status-reported.v1',
];

/** What the normaliser counts. */
export class NormaliserMetrics {
  readonly #events: Counter<'type'>;
  readonly #deadLetters: Counter<'code'>;
  readonly #unknownCodes: Counter<'provider'>;
  readonly #empty: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#events = new Counter({
      name: `${METRIC_PREFIX}events_normalised_total`,
      help: 'Canonical events published, by type',
      labelNames: ['type'],
      registers,
    });
    this.#deadLetters = new Counter({
      name: `${METRIC_PREFIX}normaliser_dead_letters_total`,
      help: 'Receipts and elements put aside as dead letters, by code',
      labelNames: ['code'],
      registers,
    });
    this.#unknownCodes = new Counter({
      name: `${METRIC_PREFIX}unknown_codes_total`,
      help: 'Reports with a code that our tables do not have, by provider',
      labelNames: ['provider'],
      registers,
    });
    this.#empty = new Counter({
      name: `${METRIC_PREFIX}receipts_empty_total`,
      help: 'Receipts that held no element at all',
      registers,
    });
    // From 0 on, so that the first of a kind is an increase and not a beginning.
    for (const code of Object.keys(DEAD_LETTER_CODES)) this.#deadLetters.inc({ code }, 0);
    for (const provider of Object.keys(PROVIDERS)) this.#unknownCodes.inc({ provider }, 0);
    // Dead letters are compared with events, also where not one receipt could be read yet.
    for (const type of MADE_HERE) this.#events.inc({ type }, 0);
  }

  count({ events, deadLetters, unknownCodes, empty }: Tally): void {
    for (const [type, number] of events) this.#events.inc({ type }, number);
    for (const [provider, number] of unknownCodes) this.#unknownCodes.inc({ provider }, number);
    for (const { code } of deadLetters) this.#deadLetters.inc({ code });
    this.#empty.inc(empty);
  }
}
