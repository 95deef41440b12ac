/** A push that is about to be sent. */
export interface UnsignedPush {
  readonly method: 'POST';
  /** Path and query of the request line. */
  readonly target: string;
  /** By lower-case name; everything that a signature may cover. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How one product of a vendor pushes, and what it makes of the answer. */
export interface Dialect {
  readonly contentType: string;
  /** Time for the whole answer, ms. */
  readonly limit: number;
  /** Time until each further push of what was not accepted, ms; empty: it never pushes again. */
  readonly retryAfter: readonly number[];
  /** Whether connections stay open from one push to the next. */
  readonly keepsConnections: boolean;
  /** Whether an answer with status 200 says that the push was taken. */
  accepts(body: string): boolean;
}

/** Reads one field of an answer; undefined where the answer is no JSON object. */
export function answerField(body: string, name: string): unknown {
  try {
    const answer = JSON.parse(body) as unknown;
    return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}
