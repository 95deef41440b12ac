import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PRIVATE, SEGMENT } from './spool-folder.js';

/** Where files lie that are damaged, or hold what Kafka refused: they wait for somebody to look at them. */
export class SetAside {
  #files = 0;

  /** @param directory of the installation's spools */
  constructor(private readonly directory: string) {}

  /** How many there are, as far as known. */
  get files(): number {
    return this.#files;
  }

  /**
   * Counts them anew: somebody may have removed some, or put some back.
   * @throws Error of the file system
   */
  count(): void {
    this.#files = readdirSync(this.#folder()).filter((name) => name.endsWith(SEGMENT)).length;
  }

  /**
   * Puts a segment there.
   * @param move is told where to
   * @returns its name there
   * @throws Error of the file system
   */
  put(path: string, move: (to: string) => void): string {
    const to = this.#freePath(path);
    move(to);
    this.#files += 1;
    return basename(to);
  }

  /** Two folders may have files of one name, and what lies here already was acknowledged too. */
  #freePath(path: string): string {
    const stem = join(this.#folder(), `${basename(path, SEGMENT)}.${basename(dirname(path))}`);
    let free = stem + SEGMENT;
    for (let attempt = 2; existsSync(free); attempt++) free = `${stem}.${attempt}${SEGMENT}`;
    return free;
  }

  /** Made anew where somebody has removed it with what was in it. */
  #folder(): string {
    const path = join(this.directory, 'set-aside');
    mkdirSync(path, { recursive: true, mode: PRIVATE });
    return path;
  }
}
