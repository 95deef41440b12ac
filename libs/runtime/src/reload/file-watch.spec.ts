import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileWatch } from './file-watch.js';
import { MountedVolume } from '../../../../test/system/mounted-volume.js';

/** Never: what is seen then is seen by a sign. */
const ONLY_BY_SIGNS = { stillFor: 10, lookEvery: 1_000_000 };

let directory = '';
let watch: FileWatch | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'quittance-watch-'));
});
afterEach(() => {
  watch?.stop();
  rmSync(directory, { recursive: true });
});

/** Watches files; how often they were found changed. Returns once they have been found for the first time. */
async function watching(
  files: readonly string[],
  times: ConstructorParameters<typeof FileWatch>[2] = ONLY_BY_SIGNS,
  onChange: () => void = () => undefined,
): Promise<() => number> {
  let changes = 0;
  watch = new FileWatch(
    () => files,
    () => {
      changes += 1;
      onChange();
    },
    times,
  );
  watch.start();
  await until(() => changes === 1);
  return () => changes - 1;
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; waited < 10_000 && !condition(); waited += 5) await delay(5);
  expect(condition()).toBe(true);
}

describe('FileWatch sees', () => {
  it('a volume of Kubernetes being exchanged, once for all its files', async () => {
    const volume = new MountedVolume(join(directory, 'volume'), { a: '1', b: '1' });
    const changes = await watching([volume.path('a'), volume.path('b')]);
    volume.update({ a: '2', b: '2' });
    await until(() => changes() > 0);
    volume.update({ a: '3', b: '3' });
    await until(() => changes() > 1);
    await delay(100);
    expect(changes()).toBe(2);
  });

  it('a file that another one is renamed over, again and again', async () => {
    const file = join(directory, 'a');
    writeFileSync(file, '1');
    const changes = await watching([file]);
    for (const round of [1, 2, 3]) {
      writeFileSync(`${file}.new`, String(round));
      renameSync(`${file}.new`, file);
      await until(() => changes() === round);
    }
  });

  it('a file that is written where it lies, when its writer has finished', async () => {
    const file = join(directory, 'a');
    writeFileSync(file, '');
    const changes = await watching([file], { stillFor: 1_000, lookEvery: 1_000_000 });
    for (let step = 0; step < 5; step += 1) {
      writeFileSync(file, 'x'.repeat(step + 1));
      await delay(20);
      expect(changes()).toBe(0);
    }
    await until(() => changes() === 1);
  });

  it('a file that comes and goes', async () => {
    const file = join(directory, 'a');
    const changes = await watching([file]);
    writeFileSync(file, '1');
    await until(() => changes() === 1);
    rmSync(file);
    await until(() => changes() === 2);
  });

  it('without any sign, by looking: a change behind a link that leads elsewhere', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'quittance-watch-'));
    writeFileSync(join(elsewhere, 'real'), '1');
    symlinkSync(join(elsewhere, 'real'), join(directory, 'a'));
    const changes = await watching([join(directory, 'a')], { stillFor: 10, lookEvery: 50 });
    writeFileSync(join(elsewhere, 'real'), '22');
    await until(() => changes() === 1);
    rmSync(elsewhere, { recursive: true });
  });
});

describe('files that count since it told of a change', () => {
  it('are no change themselves; what changes in them is one', async () => {
    const [file, missing] = [join(directory, 'a'), join(directory, 'b')];
    writeFileSync(file, '1');
    const files = [file];
    const changes = await watching(files, { stillFor: 10, lookEvery: 20 }, () => {
      // One that has been there for long, as secrets have.
      if (files.length === 1) files.push(fileURLToPath(import.meta.url), missing);
    });
    await delay(200);
    expect(changes()).toBe(0);
    writeFileSync(missing, '1');
    await until(() => changes() === 1);
  });

  it('are looked at again where they may have changed after they were read', async () => {
    const [file, young] = [join(directory, 'a'), join(directory, 'b')];
    writeFileSync(file, '1');
    const files = [file];
    const changes = await watching(files, { stillFor: 10, lookEvery: 20 }, () => {
      if (files.length > 1) return;
      files.push(young);
      writeFileSync(young, '1');
    });
    await until(() => changes() === 1);
  });
});

it('FileWatch sees nothing where others write beside its files, and nothing once it has stopped', async () => {
  const file = join(directory, 'a');
  writeFileSync(file, '1');
  const changes = await watching([file]);
  writeFileSync(join(directory, 'b'), '1');
  await delay(100);
  expect(changes()).toBe(0);
  watch!.stop();
  writeFileSync(file, '22');
  await delay(100);
  expect(changes()).toBe(0);
});
