/** A push as it came over HTTP, before anybody knows who sent it. All texts are Latin-1: one character for each byte. */
export interface UnverifiedPush {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly target: string;
  /** Name, value, name, value: in the order and spelling in which they were received. */
  readonly headers: readonly string[];
  /** As received; nothing unpacked or parsed. */
  readonly body: Buffer;
}

/** What a push is verified with. */
export interface PushKeys {
  /** Secret by access key; several may be live. */
  readonly secrets: ReadonlyMap<string, string>;
  /** How far the signature's date may be from now, in ms; null: any date will do. */
  readonly maxSkew: number | null;
  /** By lower-case name: what was signed, where a proxy on the way has rewritten or removed the header. */
  readonly signedHeaders: ReadonlyMap<string, string>;
}

/** Why a push is not taken for genuine. Metrics are counted by it. */
export type PushProblem =
  | 'no-signature'
  | 'malformed-signature'
  | 'unknown-access-key'
  | 'date-not-signed'
  | 'header-missing'
  | 'header-repeated'
  | 'malformed-date'
  | 'date-out-of-range'
  | 'wrong-signature';

/** What a signature that holds says beside that. */
export interface PushProof {
  /** Whose secret it was made with; not itself secret. */
  readonly accessKey: string;
  /** How old it is, in ms; negative if its date is in the future. */
  readonly age: number;
}

/**
 * The headers that authenticate a push, for who plays the provider. The signature covers `headers`, by lower-case name.
 * @param now Unix ms
 */
export type SignPush = (
  push: {
    readonly method: string;
    readonly target: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
  },
  key: { readonly accessKey: string; readonly secretKey: string },
  now: number,
) => Readonly<Record<string, string>>;

/** Whether the signature holds. Pure: given the same it says the same; never throws on any push. */
export type CheckSignature = (push: UnverifiedPush, keys: PushKeys, now: number) => PushProof | PushProblem;

/** A push whose signature holds. The class stays in this file, so `verifyPush` is the only way to have one. */
class Verified {
  // Makes the type nominal: nothing that merely looks like it is assignable.
  readonly #push: UnverifiedPush;

  constructor(
    push: UnverifiedPush,
    readonly proof: PushProof,
  ) {
    this.#push = push;
  }

  get body(): Buffer {
    return this.#push.body;
  }
}

export type VerifiedPush = Verified;

/**
 * Turns an unverified push into a verified one, or says why not.
 * @param now Unix ms
 */
export function verifyPush(
  check: CheckSignature,
  push: UnverifiedPush,
  keys: PushKeys,
  now: number,
): VerifiedPush | PushProblem {
  const result = check(push, keys, now);
  return typeof result === 'string' ? result : new Verified(push, result);
}
