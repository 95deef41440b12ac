import { classifyError } from './classify.js';

/** Partitions whose work has been failing: since when, and why last. */
export class Trouble {
  readonly #partitions = new Map<string, { readonly since: number; readonly text: string }>();

  /** An attempt has failed. @returns what to say of it */
  note(partition: string, error: unknown): string {
    const text = describe(error);
    this.#partitions.set(partition, { since: this.#partitions.get(partition)?.since ?? Date.now(), text });
    return text;
  }

  /** The work goes on. @returns whether it had been failing */
  end(partition: string): boolean {
    return this.#partitions.delete(partition);
  }

  /** The partitions were dealt anew. */
  clear(): void {
    this.#partitions.clear();
  }

  /** What to say of the first that has been failing for longer than `limit` ms; null: none has. */
  after(limit: number): string | null {
    const now = Date.now();
    for (const [partition, { since, text }] of this.#partitions) {
      const seconds = Math.round((now - since) / 1_000);
      if (now - since > limit) return `${partition} has been failing for ${seconds} s: ${text}`;
    }
    return null;
  }
}

/** Of what we cannot explain only the name: messages of the language and its libraries quote values. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return classifyError(error) === 'unexplained' ? error.name : `${error.name}: ${error.message}`;
}
