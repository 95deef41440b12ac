import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A folder as Kubernetes mounts ConfigMaps and Secrets: each file is a link into `..data`, which is a link to the folder
 * of the newest revision and is exchanged by a rename.
 * (https://github.com/kubernetes/kubernetes/blob/master/pkg/volume/util/atomic_writer.go)
 */
export class MountedVolume {
  #revision = 0;

  constructor(
    private readonly directory: string,
    files: Readonly<Record<string, string>>,
  ) {
    mkdirSync(directory, { recursive: true });
    this.update(files);
    for (const name of Object.keys(files)) symlinkSync(join('..data', name), join(directory, name));
  }

  /** Where a process finds a file. */
  path(name: string): string {
    return join(this.directory, name);
  }

  /** Exchanges all files at once. */
  update(files: Readonly<Record<string, string>>): void {
    const data = join(this.directory, '..data');
    const revision = `..revision_${(this.#revision += 1)}`;
    mkdirSync(join(this.directory, revision));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.directory, revision, name), text);
    symlinkSync(revision, `${data}_tmp`);
    const before = this.#revision > 1 ? readlinkSync(data) : null;
    renameSync(`${data}_tmp`, data);
    if (before !== null) rmSync(join(this.directory, before), { recursive: true });
  }
}
