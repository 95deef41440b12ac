import { storableText } from '#contracts';

/** Text as it may stand in an event; null stays null. */
export function storableOrNull(text: string | null): string | null {
  return text === null ? null : storableText(text);
}

/** The sender name without the brackets 【】 that some doors put around it; null if nothing is left. */
export function bareSignature(name: string | null): string | null {
  if (name === null) return null;
  const from = name.startsWith('【') ? 1 : 0;
  const to = name.endsWith('】') ? name.length - 1 : name.length;
  const bare = name.slice(from, to).trim();
  return bare === '' ? null : bare;
}
