import { LineCounter, parseDocument } from 'yaml';
import type { ErrorCode } from 'yaml';
import type { Mistake } from '../mistakes.js';

/** The parser's own sentences quote the file, which may hold secrets; these do not. */
const SENTENCES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'an alias has no anchor',
  BAD_INDENT: 'the indentation is wrong',
  DUPLICATE_KEY: 'the key stands here a second time',
  KEY_OVER_1024_CHARS: 'the key is too long',
  MISSING_CHAR: 'a character is missing: a closing quote, a bracket, or the space after a colon',
  MULTIPLE_DOCS: 'a second document begins; there must be one only',
  NON_STRING_KEY: 'a key must be text',
  TAB_AS_INDENT: 'indentation must be made of spaces, not tabs',
  TAG_RESOLVE_FAILED: 'tags (!name) are not allowed',
};

/**
 * Reads YAML 1.2 with the core schema: no tags of anybody's own, no key twice, keys are text.
 * @returns the value, or every mistake with line and column
 */
export function parseYaml(text: string): { readonly value: unknown } | { readonly mistakes: readonly Mistake[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    customTags: null,
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) return { mistakes: problems.map(({ code, pos }) => mistakeAt(lines, pos[0], code)) };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return { mistakes: [{ path: '', message: 'an alias (*name) has no anchor, or aliases multiply beyond reason' }] };
  }
}

function mistakeAt(lines: LineCounter, offset: number, code: ErrorCode): Mistake {
  const { line, col } = lines.linePos(offset);
  return { path: `line ${line}, column ${col}`, message: SENTENCES[code] ?? 'this is not valid YAML' };
}
