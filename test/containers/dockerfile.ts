import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, textOf } from '../architecture/source-tree.js';

/** What the Dockerfile says, as far as tests hold it against the rest of the repository. */
export interface Dockerfile {
  /** Defaults of its arguments. */
  readonly args: ReadonlyMap<string, string>;
  /** Paths that it copies out of the repository; what comes from another stage is left out. */
  readonly copied: readonly string[];
  readonly entryPoint: readonly string[];
  readonly healthCheck: readonly string[];
}

/** Reads the Dockerfile: enough of its language for ours. */
export function readDockerfile(): Dockerfile {
  const text = textOf('Dockerfile').replace(/\\\n/g, ' ');
  const args = [...text.matchAll(/^ARG ([A-Z]+)=(\S+)/gm)].map(([, name, value]) => [name!, value!] as const);
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) => paths!.split(' '));
  return {
    args: new Map(args),
    copied,
    entryPoint: listAfter('ENTRYPOINT', text),
    healthCheck: listAfter(/HEALTHCHECK .*CMD/, text),
  };
}

function listAfter(instruction: string | RegExp, text: string): readonly string[] {
  const source = typeof instruction === 'string' ? instruction : instruction.source;
  const [, list = '[]'] = new RegExp(`^${source}\\s+(\\[.*\\])$`, 'm').exec(text) ?? [];
  return JSON.parse(list) as string[];
}

/** Where a path of the image lies in the repository; null for what only the image has. */
export function inRepository(imagePath: string): string | null {
  const [, path] = /^\/app\/(.+)$/.exec(imagePath) ?? [];
  return path !== undefined && existsSync(join(ROOT, path)) ? path : null;
}

/** Files and folders that a build may see: those that .dockerignore, which leaves out everything else, lets in. */
export function buildContext(): readonly string[] {
  const lines = textOf('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines[0] !== '*') throw new Error('.dockerignore does not leave out everything first');
  return lines.slice(1).map((line) => line.replace(/^!/, ''));
}
