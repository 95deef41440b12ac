/**
 * Whether two JSON values have the same text: `JSON.stringify(a) === JSON.stringify(b)`, mostly without making the texts.
 * Every merge into what is there asks this, and most of the answers are in the first fields that are looked at.
 */
export function sameJson(a: unknown, b: unknown): boolean {
  return compare(a, b) ?? JSON.stringify(a) === JSON.stringify(b);
}

/** Null where only the texts can tell: fields that are undefined are left out there, and keys may stand in another order. */
function compare(a: unknown, b: unknown): boolean | null {
  if (a === b) return true;
  if (a === undefined || b === undefined) return null;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  const others = Object.keys(b);
  if (names.length !== others.length) return null;
  for (const [at, name] of names.entries()) {
    if (name !== others[at]) return null;
    const same = compare(a[name as keyof typeof a], b[name as keyof typeof b]);
    if (same !== true) return same;
  }
  return true;
}
