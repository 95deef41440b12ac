import { isTest, type SourceFile } from './source-tree.js';

/** Something that no file may hold. */
export interface CodeRule {
  readonly name: string;
  readonly pattern: RegExp;
  readonly appliesTo: (path: string) => boolean;
}

/** The two files that read the environment: that of the three apps, and that of the simulator, which is none of them. */
const ENVIRONMENT_READERS = ['libs/runtime/src/environment.ts', 'apps/simulator/src/environment.ts'];

const isOurs = (path: string): boolean => /^(?:apps|libs|dev|bench)\//.test(path);
const isProduct = (path: string): boolean => /^(?:apps|libs)\//.test(path) && !isTest(path);
const isSpec = (path: string): boolean => path.endsWith('spec.ts');

export const CODE_RULES: readonly CodeRule[] = [
  { name: 'no forwardRef: two modules that need each other are one', pattern: /\bforwardRef\(/, appliesTo: isOurs },
  { name: 'no @Global: what a module needs it imports', pattern: /@Global\(/, appliesTo: isOurs },
  { name: 'no request scope: it makes a new tree for every request', pattern: /\bScope\.REQUEST\b/, appliesTo: isOurs },
  { name: 'no export *: an index says what it gives', pattern: /^\s*export\s*\*/m, appliesTo: () => true },
  {
    name: 'the environment is read in one file',
    pattern: /\bprocess\s*(?:\.\s*env\b|\[['"]env)|\b(?:from|import|require)\b\s*\(?\s*['"](?:node:)?process['"]/,
    appliesTo: (path) => isProduct(path) && !ENVIRONMENT_READERS.includes(path),
  },
  {
    name: 'no test is skipped, and none runs alone',
    pattern:
      /\b(?:it|test|describe)(?:\.each|\.concurrent)?\.(?:skip|only|todo|failing)\b|\b(?:[xf]it|[xf]describe|xtest)\(/,
    appliesTo: isSpec,
  },
];

/** Files that hold what the rule forbids. */
export function breakersOf({ pattern, appliesTo }: CodeRule, files: readonly SourceFile[]): string[] {
  return files.filter(({ path, text }) => appliesTo(path) && pattern.test(text)).map(({ path }) => path);
}

/** Longest file that ships or serves development, lines. About 300 is where a file is usually two; this is where it is. */
export const MOST_LINES = 400;

/** Files that are too long; tests are judged by what they cover. */
export function tooLong(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path, text }) => !isTest(path) && text.trimEnd().split('\n').length > MOST_LINES)
    .map(({ path }) => path);
}
