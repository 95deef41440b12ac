/** What a projector does beside projecting. */
export interface BackgroundJob {
  /** Does it until the signal says to stop, and ends soon after. Never throws: what fails is told of, and tried again. */
  run(signal: AbortSignal): Promise<void>;
}

/** Jobs that begin and end together. */
export class BackgroundJobs {
  readonly #jobs: readonly BackgroundJob[];
  readonly #stopping = new AbortController();
  #done: Promise<unknown> = Promise.resolve();

  constructor(jobs: readonly BackgroundJob[]) {
    this.#jobs = jobs;
  }

  /** Begins, in the background. */
  start(): void {
    this.#done = Promise.all(this.#jobs.map((job) => job.run(this.#stopping.signal)));
  }

  /** Tells all to stop at once, and waits for them. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }
}
