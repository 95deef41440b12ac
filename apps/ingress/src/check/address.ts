import type { Provider } from '#providers';
import type { Source } from '#runtime';
import { told, type Finding } from './finding.js';

/** The path of a source's door; null: it has none. Of several tokens the last one: during a rotation that is the new one. */
export function pathOf({ id, http }: Source): string | null {
  if (http === null) return null;
  const token = http.tokens.at(-1);
  return token === undefined ? `/receipts/${id}` : `/receipts/${id}/${token}`;
}

/** What is entered where, and what the provider is answered. */
export function describeSource(
  source: Source,
  provider: Provider,
  { publicUrl, showTokens }: { readonly publicUrl: string | null; readonly showTokens: boolean },
): readonly Finding[] {
  const path = pathOf(source);
  if (path === null) return [];
  const { where, page } = provider.consoles[source.receipt]!;
  const { status, body } = provider.answer;
  const shown = showTokens ? path : hideToken(path, source.http!.tokens);
  const hidden = shown === path ? '' : ' (--show-tokens shows it whole)';
  return [
    told('address', `${publicUrl ?? 'https://<your host>'}${shown}${hidden}`),
    told('enter it', `${where} (${page})`),
    told('answer', `${status} ${body}`),
  ];
}

function hideToken(path: string, tokens: readonly string[]): string {
  return tokens.reduce((text, token) => text.replace(`/${token}`, `/${token.slice(0, 2)}****`), path);
}
