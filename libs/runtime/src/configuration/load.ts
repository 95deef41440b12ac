import { readFileSync } from 'node:fs';
import type { Mistake } from '../mistakes.js';
import { ConfigurationError } from '../mistakes.js';
import type { Configuration, ProviderCatalogue } from './configuration.js';
import { configurationOf, contradictions } from './resolve.js';
import type { FileSettings } from './settings.js';
import { FileSettings as FileShape } from './settings.js';
import { shapedLike } from './shape.js';
import { substitute } from './substitute.js';
import { parseYaml } from './yaml-text.js';

/** How a configuration is read. */
export interface LoadOptions {
  /**
   * False: references below `http`, `mns` and `credentials` are not followed, so that a process without these secrets can
   * read the same file. Their form is checked as far as it is known; both doors of every source are null. Default true.
   */
  readonly secrets?: boolean;
  /** Told the path of every file that is read, or should be. */
  readonly onFile?: (path: string) => void;
}

const SECRET_PATHS = /^sources\[\d+\]\.(?:http|mns)\b|^accounts(?:\.[^.[]+|\["(?:[^"\\]|\\.)*"\])\.credentials\b/;

/**
 * Reads, completes and checks the configuration file.
 * @param catalogue the providers and receipt types that may be configured
 * @throws ConfigurationError with every mistake at once; no text in it is a value of the file or of the environment
 */
export function loadConfiguration(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  catalogue: ProviderCatalogue,
  { secrets = true, onFile = ignore }: LoadOptions = {},
): Configuration {
  onFile(path);
  const text = readText(path);
  try {
    return check(path, text, env, catalogue, { secrets, onFile });
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    // An alias that holds itself, a key that means something to the language: nobody writes that by intent.
    const kind = error instanceof Error ? error.name : 'unknown error';
    const message = `cannot be checked (${kind}): look for an alias that holds itself, or a key such as constructor`;
    throw new ConfigurationError(path, [{ path: '', message }]);
  }
}

function check(
  path: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  catalogue: ProviderCatalogue,
  { secrets, onFile }: Required<LoadOptions>,
): Configuration {
  const parsed = parseYaml(text);
  if ('mistakes' in parsed) throw new ConfigurationError(path, parsed.mistakes);

  const leaves = (place: string): boolean => !secrets && SECRET_PATHS.test(place);
  const substituted = substitute(parsed.value, { env, leaves, onFile });
  const ofForm = shapedLike(FileShape)(substituted.value).filter((mistake) => !substituted.unknown.has(mistake.path));
  const told = new Set([...ofForm.map((mistake) => mistake.path), ...substituted.unknown]);
  const ofSense = contradictions(substituted.value, catalogue).filter((mistake) => !told.has(mistake.path));

  const mistakes: readonly Mistake[] = [...substituted.mistakes, ...ofForm, ...ofSense];
  if (mistakes.length > 0) throw new ConfigurationError(path, mistakes);
  return configurationOf(substituted.value as FileSettings, catalogue, secrets);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const message = `cannot be read (${code}): let QUITTANCE_CONFIG name it; quittance.example.yaml shows what it holds`;
    throw new ConfigurationError(path, [{ path: '', message }]);
  }
}

function ignore(): void {
  // Not everybody wants to know.
}
