import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';

/** The repository's root directory. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** Where code lives. */
const FOLDERS = ['apps', 'libs', 'dev', 'test', 'bench'];

/** What is not ours to judge: installed, built or left behind by development. */
const FOREIGN = new Set(['node_modules', 'dist', 'coverage']);

/** A TypeScript file and what it imports. */
export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** As in the text, except that relative ones are paths from the root: `libs/kafka/src/records.js`. */
  readonly imports: readonly string[];
}

/**
 * Static and dynamic imports, re-exports and `require`. Looks at the text only; a sentence in a comment that reads like
 * an import counts as one.
 */
const IMPORT =
  /\b(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]|\b(?:import|require|require\.resolve)\(\s*['"`]([^'"`]+)['"`]/g;

/** A file as the rules see it. */
export function sourceFile(path: string, text: string): SourceFile {
  const imports = [...text.matchAll(IMPORT)].map(([, named, called]) => {
    const specifier = named ?? called ?? '';
    return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
  });
  return { path, text, imports };
}

/** Every file below a folder, relative to the root. Empty if there is no such folder. Hidden folders are left out. */
export function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.') || FOREIGN.has(entry.name)) return [];
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Text of a file, by its path from the root. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Paths of all files of the code, fixtures and the like included. */
export function codePaths(): string[] {
  const folders = new Set(readdirSync(ROOT));
  return FOLDERS.filter((folder) => folders.has(folder)).flatMap(filesBelow);
}

/** All TypeScript of the repository. */
export function sourceFiles(): SourceFile[] {
  return codePaths()
    .filter((path) => path.endsWith('.ts'))
    .map((path) => sourceFile(path, textOf(path)));
}

/** Whether a file is there for tests only. */
export function isTest(path: string): boolean {
  return path.startsWith('test/') || /(?:spec|-for-tests)\.ts$/.test(basename(path));
}

/** To which part of the repository a path or a `#name` belongs: `apps/ingress`, `libs/kafka`, `dev`; null: to none. */
export function partOf(pathOrSpecifier: string): string | null {
  if (pathOrSpecifier.startsWith('#')) return `libs/${pathOrSpecifier.slice(1)}`;
  const [folder = '', name = ''] = pathOrSpecifier.split('/');
  if (!FOLDERS.includes(folder)) return null;
  return folder === 'apps' || folder === 'libs' ? `${folder}/${name}` : folder;
}
