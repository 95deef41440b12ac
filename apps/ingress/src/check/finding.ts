/** What one look at a source found. `told`: something to know, neither right nor wrong. */
export interface Finding {
  /** One word: `door`, `queue`. */
  readonly what: string;
  readonly verdict: 'right' | 'wrong' | 'told';
  /** What was seen; of what is wrong, what to do about it too. Nothing secret. */
  readonly says: string;
}

export function right(what: string, says: string): Finding {
  return { what, verdict: 'right', says };
}

export function wrong(what: string, says: string): Finding {
  return { what, verdict: 'wrong', says };
}

export function told(what: string, says: string): Finding {
  return { what, verdict: 'told', says };
}

const WORDS = { right: 'ok', wrong: 'WRONG', told: '' } as const;

/** Findings as lines. */
export function draw(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ what, verdict, says }) => `  ${what.padEnd(8)} ${WORDS[verdict].padEnd(5)}  ${says}`);
}
