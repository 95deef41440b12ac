import { TYPED, type Logger } from '#runtime';
import { erasureVersion, type ErasureStore } from '../store/erasures.js';
import { joinErasures, type ErasurePlaces } from './join-erasures.js';

/**
 * Sees to it that the tables know of everybody who has been erased before anything is written into them: they may be
 * empty ones, or restored from before an erasure, also behind the back of a process that runs.
 */
export class ErasureRecall {
  readonly #places: ErasurePlaces;
  readonly #store: Pick<ErasureStore, 'latest' | 'beginAgainAt'>;
  readonly #logger: Pick<Logger, 'warn'>;
  #isJoined = false;
  #joining: Promise<void> | null = null;

  /** @param store of the writers: refuses tables that have gone back */
  constructor(
    places: ErasurePlaces,
    store: Pick<ErasureStore, 'latest' | 'beginAgainAt'>,
    logger: Pick<Logger, 'warn'>,
  ) {
    this.#places = places;
    this.#store = store;
    this.#logger = logger;
  }

  /**
   * Asked before a position in the topic is gone by, and so again whenever a writer finds that the database has gone back
   * in time.
   * @throws TransientError while one of the places is away: then nothing may be written
   */
  async recall(): Promise<void> {
    if (this.#isJoined && (await erasureVersion(this.#places.pool)) >= this.#store.latest) return;
    this.#joining ??= this.#join().finally(() => (this.#joining = null));
    await this.#joining;
  }

  async #join(): Promise<void> {
    const { forgotten, foreign } = await joinErasures(this.#places);
    if (forgotten.length > 0) {
      const advice = `rows of before may still hold them: ${TYPED.ops} recover`;
      this.#logger.warn({ erasures: forgotten.length, advice }, 'erasures.brought-back');
    }
    if (foreign > 0) this.#logger.warn({ erasures: foreign }, 'erasures.of-another-key');
    this.#store.beginAgainAt(await erasureVersion(this.#places.pool));
    this.#isJoined = true;
  }
}
