import type { CheckSignature, PushKeys, PushProblem, UnverifiedPush, VerifiedPush } from '#providers';
import { verifyPush } from '#providers';
import type { PushAuthentication } from '#runtime';
import type { RecordTemplate } from './receipt-record.js';

/**
 * Signatures older than this, ms, are counted apart: the vendors' own rule for requests. A genuine receipt with an old
 * date is taken unless `maxSkew` says otherwise: to replay one changes nothing, and to refuse one loses it.
 */
const OLD = 15 * 60_000;

/** How the signature of a push turned out; metrics are counted by it. */
export type SignatureResult = PushProblem | 'valid' | 'valid-old';

/** The signatures of one source's pushes. */
export class PushCheck {
  /** Whether a push that does not verify is refused. */
  readonly enforced: boolean;
  readonly #keys: PushKeys;

  /** @param signedRecord what a record of a verified push begins with */
  constructor(
    private readonly check: CheckSignature,
    { keys, mode, maxSkew, signedHeaders }: PushAuthentication,
    private readonly signedRecord: RecordTemplate,
  ) {
    this.enforced = mode === 'enforce';
    this.#keys = {
      secrets: new Map(keys.map(({ accessKey, secretKey }) => [accessKey, secretKey])),
      maxSkew,
      signedHeaders,
    };
  }

  verify(push: UnverifiedPush): VerifiedPush | PushProblem {
    return verifyPush(this.check, push, this.#keys, Date.now());
  }

  /** Only what has been verified is called so further on. */
  recordOf(_verified: VerifiedPush): RecordTemplate {
    return this.signedRecord;
  }
}

/** The name that a result is counted under. */
export function signatureResult(verified: VerifiedPush | PushProblem): SignatureResult {
  if (typeof verified === 'string') return verified;
  return Math.abs(verified.proof.age) > OLD ? 'valid-old' : 'valid';
}
