/** Something that somebody wrote and that cannot be used. */
export interface Mistake {
  /** Where: `sources[2].http.tokens[0]`, or the name of an environment variable. Empty: the whole. */
  readonly path: string;
  /** What is wrong and what to do. Never the value itself: it may be a secret. */
  readonly message: string;
}

/** Start-up cannot go on, for a reason that we know. `message` is for people, complete, and shown without a stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

/** The configuration file has mistakes: all of them. */
export class ConfigurationError extends StartError {
  override readonly name = 'ConfigurationError';

  constructor(
    file: string,
    readonly mistakes: readonly Mistake[],
  ) {
    super(listMistakes(file, mistakes));
  }
}

/** Environment variables are missing or cannot be read: all of them. */
export class EnvironmentError extends StartError {
  override readonly name = 'EnvironmentError';

  constructor(readonly mistakes: readonly Mistake[]) {
    super(listMistakes('the environment', mistakes));
  }
}

function listMistakes(where: string, mistakes: readonly Mistake[]): string {
  const lines = mistakes.map(({ path, message }) => `\n  ${path === '' ? '' : `${path}: `}${message}`);
  return `${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'} in ${where}${lines.join('')}`;
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Path of a key or index below a path. */
export function pathOf(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  if (!PLAIN_KEY.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

/** The mistakes with their paths moved below `parent`. */
export function below(parent: string, mistakes: readonly Mistake[]): Mistake[] {
  return mistakes.map(({ path, message }) => ({
    path: path === '' || path.startsWith('[') || parent === '' ? parent + path : `${parent}.${path}`,
    message,
  }));
}
