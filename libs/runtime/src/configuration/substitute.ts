import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { Mistake } from '../mistakes.js';
import { pathOf } from '../mistakes.js';
import { isMapping } from './shape.js';

/** What the values refer to. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths below which references stay as they are, because nobody here may know the secrets. */
  readonly leaves: (path: string) => boolean;
  /** Told the path of every file that is referred to. */
  readonly onFile: (path: string) => void;
}

/** A tree with its references replaced. */
export interface Substituted {
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  /** Where the value is not known: a reference was left alone or leads nowhere. Nothing can be said about its form. */
  readonly unknown: ReadonlySet<string>;
}

const REFERENCE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const FILE = 'file:';

/** Replaces `${NAME}` and `${file:/path}` in the text scalars of a parsed YAML tree. */
export function substitute(tree: unknown, surroundings: Surroundings): Substituted {
  const mistakes: Mistake[] = [];
  const unknown = new Set<string>();
  const value = visit(tree, '');
  return { value, mistakes, unknown };

  function visit(node: unknown, path: string): unknown {
    if (typeof node === 'string') return replace(node, path);
    if (Array.isArray(node)) return node.map((element, index) => visit(element, pathOf(path, index)));
    if (!isMapping(node)) return node;
    return Object.fromEntries(Object.entries(node).map(([key, element]) => [key, visit(element, pathOf(path, key))]));
  }

  function replace(text: string, path: string): string {
    if (!text.includes('${')) return text;
    if (surroundings.leaves(path)) {
      unknown.add(path);
      return text;
    }
    const problems: string[] = [];
    const replaced = text.replace(REFERENCE, (_whole, reference: string) => {
      const found = reference.startsWith(FILE)
        ? fromFile(reference.slice(FILE.length), surroundings.onFile)
        : fromEnvironment(reference);
      if ('problem' in found) problems.push(found.problem);
      return 'text' in found ? found.text : '';
    });
    if (problems.length === 0) return replaced;
    unknown.add(path);
    mistakes.push(...problems.map((message) => ({ path, message })));
    return replaced;
  }

  function fromEnvironment(name: string): Found {
    if (!NAME.test(name)) return { problem: '${...} must hold the name of an environment variable or file:/path' };
    const text = surroundings.env[name];
    if (text === undefined || text === '') return { problem: `the environment variable ${name} is not set` };
    return { text };
  }
}

type Found = { readonly text: string } | { readonly problem: string };

function fromFile(path: string, onFile: Surroundings['onFile']): Found {
  if (!isAbsolute(path)) return { problem: 'the path after file: must start with /' };
  onFile(path);
  try {
    return { text: readFileSync(path, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    return { problem: `the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})` };
  }
}
