import { Counter, Gauge, type Registry } from 'prom-client';
import { METRIC_PREFIX } from '../metrics.js';

/** What can be read anew while a process runs: quittance.yaml with the secrets that it refers to, or the files of TLS. */
export type ReloadedThing = 'configuration' | 'certificate';

/** `applied`: something is different now. `unchanged`: the files say what they said before. `refused`: what there was stays. */
export type ReloadOutcome = 'applied' | 'unchanged' | 'refused';

/** Whether what a process works with is what its files say. */
export class ReloadMetrics {
  readonly #reloads: Counter<'outcome'>;
  readonly #isSuccessful: Gauge;
  readonly #succeededAt: Gauge;

  /** The process has just started with what it read. */
  constructor(thing: ReloadedThing, registry: Registry) {
    const registers = [registry];
    const prefix = `${METRIC_PREFIX}${thing}_`;
    this.#reloads = new Counter({
      name: `${prefix}reloads_total`,
      help: `Times that the ${thing} was read anew, by outcome: applied, unchanged or refused`,
      labelNames: ['outcome'],
      registers,
    });
    this.#isSuccessful = new Gauge({
      name: `${prefix}last_reload_successful`,
      help: `1: the ${thing} in use is what its files say. 0: they say something that was refused`,
      registers,
    });
    this.#succeededAt = new Gauge({
      name: `${prefix}last_reload_success_timestamp_seconds`,
      help: `When the ${thing} was last read and found good`,
      registers,
    });
    for (const outcome of ['applied', 'unchanged', 'refused'] as const) this.#reloads.inc({ outcome }, 0);
    this.#succeeded();
  }

  reloaded(outcome: ReloadOutcome): void {
    this.#reloads.inc({ outcome });
    if (outcome === 'refused') this.#isSuccessful.set(0);
    else this.#succeeded();
  }

  #succeeded(): void {
    this.#isSuccessful.set(1);
    this.#succeededAt.setToCurrentTime();
  }
}
