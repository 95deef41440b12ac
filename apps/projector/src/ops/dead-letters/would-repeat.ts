import type { DeadLetterCode } from '#contracts';

/**
 * Codes whose cause may be gone although the same version reads the same bytes by the same configuration: a broker may
 * take larger records now, a row may have fewer facts, and of what nobody can explain nobody can say that it will repeat.
 * Everything else is judged by bytes, version and configuration alone.
 */
const MAY_HAVE_PASSED: ReadonlySet<string> = new Set<DeadLetterCode>([
  'UNEXPLAINED',
  'ELEMENT_TOO_LARGE',
  'AGGREGATE_FULL',
]);

/**
 * Whether a dead letter that is redriven now can only become the same dead letter again: all that read its topic now are
 * what has refused it.
 * @param reader what refused it: version and configuration; null: not told
 * @param readers what reads the topic now; an empty text: one that does not tell
 */
export function wouldRepeat(
  { code, reader }: { readonly code: string; readonly reader: string | null },
  readers: ReadonlySet<string>,
): boolean {
  return !MAY_HAVE_PASSED.has(code) && reader !== null && readers.size === 1 && readers.has(reader);
}
