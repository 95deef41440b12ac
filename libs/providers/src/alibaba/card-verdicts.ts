import { isExactNumber, type ReviewStatus } from '#contracts';
import { idText, isPresent, textOf } from '../field-readers.js';
import type { JsonObject } from '../provider.js';
import { CARD_REVIEW_STATES, CARD_REVIEW_WORDS } from './status-map.js';

/** What one handset maker says about a card template; texts as they came. */
export interface CardVerdict {
  readonly vendor: string;
  readonly status: ReviewStatus;
  /** The vendor's own value or word for `status`. */
  readonly state: string | null;
  readonly description: string | null;
}

/** The verdicts of a review. */
export interface CardVerdicts {
  readonly verdicts: readonly CardVerdict[];
  /** Whether they hold everything that `tmpOps` said. */
  readonly complete: boolean;
}

const KNOWN: ReadonlySet<string> = new Set(['vendorCode', 'state', 'desc']);

/** `HUAWEI:通过`, with the narrow or the wide colon. */
const SUMMARY_LINE = /^([\w-]+)\s*[:：](.*)$/;

/**
 * The makers' verdicts: those of `tmpOps`, then those that only the summary knows. A maker in both is said by `tmpOps`;
 * the summary's words describe it where `tmpOps` has none.
 * @param tmpOps a list of `{ vendorCode, state, desc }`, or anything
 * @param summary lines of `maker:word`, separated by `\r\n`; other lines are passed over
 */
export function cardVerdicts(tmpOps: unknown, summary: string | null): CardVerdicts {
  const words = summaryWords(summary);
  const verdicts: CardVerdict[] = [];
  let complete = Array.isArray(tmpOps);
  for (const item of Array.isArray(tmpOps) ? (tmpOps as readonly unknown[]) : []) {
    const verdict = verdictOf(item, words);
    if (verdict === null) complete = false;
    else {
      verdicts.push(verdict);
      complete &&= Object.entries(item as JsonObject).every(isRead);
    }
  }
  const said = new Set(verdicts.map(({ vendor }) => vendor));
  for (const [vendor, word] of words) {
    if (said.has(vendor)) continue;
    verdicts.push({ vendor, status: CARD_REVIEW_WORDS.get(word) ?? 'unknown', state: word, description: word });
  }
  return { verdicts, complete };
}

function verdictOf(item: unknown, words: ReadonlyMap<string, string>): CardVerdict | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item) || isExactNumber(item)) return null;
  const { vendorCode, state, desc } = item as JsonObject;
  const vendor = textOf(vendorCode);
  if (vendor === null) return null;
  const code = idText(state);
  return {
    vendor,
    status: (code === null ? undefined : CARD_REVIEW_STATES.get(code)) ?? 'unknown',
    state: code,
    description: textOf(desc) ?? words.get(vendor) ?? null,
  };
}

/** Whether a member of an item is one that a verdict holds: of a known name, and a single value. */
function isRead([key, value]: [string, unknown]): boolean {
  return KNOWN.has(key) && (textOf(value) !== null || !isPresent(value));
}

function summaryWords(summary: string | null): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const line of (summary ?? '').split(/\r\n|\r|\n/)) {
    const [, vendor, word = ''] = SUMMARY_LINE.exec(line.trim()) ?? [];
    if (vendor !== undefined && word.trim() !== '') words.set(vendor, word.trim());
  }
  return words;
}
