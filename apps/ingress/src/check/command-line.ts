import { parseArgs } from 'node:util';
import { TYPED } from '#runtime';

/** What is to be checked. */
export interface CheckRequest {
  /** Null: every source. */
  readonly source: string | null;
  /** Where providers reach us, without a trailing slash; null: nobody said. */
  readonly publicUrl: string | null;
  readonly canary: boolean;
  /** Tokens whole, to be pasted: whoever has one may push. */
  readonly showTokens: boolean;
}

/** The command line cannot be read. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** How the command is used. */
export const CHECK_USAGE = `Usage: ${TYPED.ops} sources check [--source ID] [--public-url https://HOST] [--canary] [--show-tokens]`;

const PUBLIC_URL = /^https?:\/\/[^\s?#@]+$/;

/**
 * Reads what stands behind `sources`.
 * @throws UsageError
 */
export function readCheckRequest([action, ...args]: readonly string[]): CheckRequest {
  if (action !== 'check') throw new UsageError(`sources can be checked, and nothing else.\n${CHECK_USAGE}`);
  const { source, 'public-url': publicUrl, canary, 'show-tokens': showTokens } = parse(args);
  if (publicUrl !== undefined && !PUBLIC_URL.test(publicUrl)) {
    throw new UsageError(`--public-url must be https://HOST, and a path where a proxy adds one.\n${CHECK_USAGE}`);
  }
  if (canary === true && publicUrl === undefined) {
    throw new UsageError(`--canary needs --public-url: it goes the way of the provider.\n${CHECK_USAGE}`);
  }
  return {
    source: source ?? null,
    publicUrl: publicUrl?.replace(/\/+$/, '') ?? null,
    canary: canary === true,
    showTokens: showTokens === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        source: { type: 'string' },
        'public-url': { type: 'string' },
        canary: { type: 'boolean' },
        'show-tokens': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${CHECK_USAGE}`);
  }
}
