import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** A folder of a test file's own, which is gone when its tests are done. */
export class FilesForTests {
  readonly directory = mkdtempSync(join(tmpdir(), 'quittance-files-'));

  constructor() {
    afterAll(() => {
      rmSync(this.directory, { recursive: true });
    });
  }

  /** Writes a file. Its path. */
  readonly write = (name: string, content: string): string => {
    const path = join(this.directory, name);
    writeFileSync(path, content);
    return path;
  };
}
