/** The digits of a telephone number, or null if there are none or anything else than separators stands between them. */
export function numberDigits(text: string): string | null {
  let clean = true;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x30 && unit <= 0x39) continue;
    clean = false;
    if (!isSeparator(unit, i)) return null;
  }
  if (clean) return text === '' ? null : text;
  const digits = text.replaceAll(/\D/g, '');
  return digits === '' ? null : digits;
}

/** Space, hyphen, dot, brackets; a plus in front. */
function isSeparator(unit: number, position: number): boolean {
  return (
    unit === 0x20 ||
    unit === 0x2d ||
    unit === 0x2e ||
    unit === 0x28 ||
    unit === 0x29 ||
    (unit === 0x2b && position === 0)
  );
}
