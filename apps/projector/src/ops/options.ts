import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The command line cannot be read. The message says why, and how it is used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options as they were given, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** Options, and the words between them. */
export interface Words {
  readonly values: Values;
  readonly words: readonly string[];
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Takes arguments apart.
 * @throws UsageError when one is not among the options
 */
export function parse(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>): Words {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values, words: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError with the sentence, when something is wrong */
export function refuse(isWrong: boolean, sentence: string): void {
  if (isWrong) throw new UsageError(`${sentence}.`);
}

/** An option that was given, else null. */
export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A time as it was given, RFC 3339; null where none was. */
export function time(name: string, value: string | null): string | null {
  refuse(value !== null && !(TIME.test(value) && Number.isFinite(Date.parse(value))), `--${name} must be a time`);
  return value;
}
