import { storableText, UUID } from '#contracts';
import { parseDuration, TYPED } from '#runtime';
import { parse, refuse, text } from '../options.js';

/** What is looked for: one of these. */
export type Sought =
  | { readonly by: 'receipt'; readonly value: string }
  | { readonly by: 'message'; readonly value: string }
  /** A number, E.164. */
  | { readonly by: 'recipient'; readonly value: string }
  /** The id that an app has for the recipient. */
  | { readonly by: 'user'; readonly value: string }
  | { readonly by: 'reference'; readonly value: string }
  /** The message key, as subscribers know it, and as several hits are told apart. */
  | { readonly by: 'key'; readonly value: string };

/** A message, by one of its names. */
export type SoughtMessage = Exclude<Sought, { readonly by: 'receipt' }>;

/** Where something is, asked by an operator. */
export interface Question {
  readonly sought: Sought;
  /** Null: any. */
  readonly provider: string | null;
  readonly account: string | null;
  /** How long after a receipt came in its record, and its events, are looked for, ms. */
  readonly within: number;
  readonly json: boolean;
  /** Numbers and texts of people as they are, not masked. */
  readonly showPersonal: boolean;
}

/** How the command is used. */
export const FIND_USAGE = `${TYPED.ops} find --receipt ID | --message ID | --recipient +NUMBER|ID | --reference TEXT | --key UUID
         [--provider ID] [--account NAME] [--within DURATION] [--json] [--show-personal]`;

const WAYS = ['receipt', 'message', 'recipient', 'reference', 'key'] as const;
const E164 = /^\+[1-9]\d{3,14}$/;
const DEFAULT_WITHIN = '10m';

/**
 * Reads what stands behind `find`.
 * @throws UsageError
 */
export function readFind(args: readonly string[]): Question {
  const { values, words } = parse(args, {
    ...Object.fromEntries(WAYS.map((way) => [way, { type: 'string' as const }])),
    provider: { type: 'string' },
    account: { type: 'string' },
    within: { type: 'string', default: DEFAULT_WITHIN },
    json: { type: 'boolean', default: false },
    'show-personal': { type: 'boolean', default: false },
  });
  refuse(words.length > 0, 'find takes no words beside its options');
  const given = WAYS.filter((way) => values[way] !== undefined);
  refuse(given.length !== 1, `find takes one of ${WAYS.map((way) => `--${way}`).join(', ')}`);
  const by = given[0]!;
  const asked = text(values[by])!.trim();
  const value = by === 'receipt' || by === 'key' ? asked.toLowerCase() : asked;
  refuse(value === '', `--${by} is empty`);
  refuse((by === 'receipt' || by === 'key') && !UUID.test(value), `--${by} must be a UUID`);
  refuse(
    by === 'recipient' && value.startsWith('+') && !E164.test(value),
    '--recipient must be a plus, the country code and the number; or the id that an app has for the person',
  );
  const within = parseDuration(text(values.within)!);
  refuse(within === null, '--within must be a duration, such as 10m');
  return {
    sought: by === 'recipient' && !E164.test(value) ? { by: 'user', value: storableText(value) } : { by, value },
    provider: text(values.provider),
    account: text(values.account),
    within: within!,
    json: values.json === true,
    showPersonal: values['show-personal'] === true,
  };
}
