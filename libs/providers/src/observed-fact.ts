import { canonicalJson } from '#contracts';
import type { JsonObject, ReceiptContext } from './provider.js';

/**
 * What the id of a fact is made of that has neither time nor id of its own: its content, with keys in any order, and when
 * it was observed. With the content alone `approved, rejected, approved` would be two facts, and end rejected. Pushed
 * again it is another fact that says the same, and the projector knows it for a repetition.
 * @param element not nested too deep for `unknownFields`
 */
export function observedFact(
  element: JsonObject,
  { observedAt }: Pick<ReceiptContext, 'observedAt'>,
): readonly [content: string, observedAt: string] {
  return [canonicalJson(element), observedAt];
}
