import { hash } from 'node:crypto';

/**
 * Keys and ids: UUIDs of version 5 (RFC 9562, section 5.5) under the installation's secret namespace. The same values
 * always give the same id, and nobody without the namespace can get from a key back to a telephone number.
 *
 * What is hashed is a JSON array of strings and nulls that starts with the kind of key: no two different lists of
 * values look alike, whatever characters they hold. These lists are for ever: a changed list is another identity.
 */
export class Identity {
  readonly #namespace: Buffer;

  /** @param namespace a UUID; `identityNamespace` of the configuration */
  constructor(namespace: string) {
    this.#namespace = uuidBytes(namespace);
    if (this.#namespace.length !== 16) throw new TypeError('identityNamespace is not a UUID');
  }

  /**
   * Key of a message.
   * @param identity what the provider identifies it by, such as its id and the canonical recipient digits
   */
  messageKey(provider: string, account: string, identity: readonly (string | null)[]): string {
    return this.#uuid(['message', provider, account, ...identity]);
  }

  /** Key of a person on a channel: the provider's user id, else the E.164 number, else the raw digits. */
  personKey(channel: string, person: string | null): string {
    return this.#uuid(['person', channel, person]);
  }

  /** Key of what is reviewed; the work order is not part of it. */
  reviewKey(provider: string, account: string, kind: string, id: string): string {
    return this.#uuid(['review', provider, account, kind, id]);
  }

  /** Key of one aspect of an account, number, template or person. */
  subjectKey(provider: string, account: string, kind: string, id: string, aspect: string): string {
    return this.#uuid(['subject', provider, account, kind, id, aspect]);
  }

  /**
   * Id of a fact.
   * @param values the provider's own values that tell it from every other fact, trimmed and unmapped
   */
  eventId(type: string, provider: string, account: string, values: readonly (string | null)[]): string {
    return this.#uuid(['event', type, provider, account, ...values]);
  }

  #uuid(values: readonly (string | null)[]): string {
    return uuidV5(this.#namespace, JSON.stringify(values));
  }
}

/** Id of a published change: a UUID of version 5 of the revision, under the aggregate's key. */
export function changeId(key: string, revision: number): string {
  return uuidV5(uuidBytes(key), String(revision));
}

/** Id of the fact that no final report about a message came in time: one for each message, whoever says it. */
export function noReceiptId(messageKey: string): string {
  return uuidV5(uuidBytes(messageKey), 'no-receipt');
}

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

/** Where what is hashed is put together: a buffer of its own for each would cost as much as the hash. */
const scratch = Buffer.alloc(4_096);
const NAMESPACE_BYTES = 16;

function uuidV5(namespace: Buffer, name: string): string {
  const digest = hash('sha1', namespaced(namespace, name), 'hex');
  const variant = VARIANTS.charAt(parseInt(digest.charAt(16), 16) & 0x3);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** Two bits of the digit give way to the variant of RFC 9562. */
const VARIANTS = '89ab';

/** Valid until the next call. */
function namespaced(namespace: Buffer, name: string): Buffer {
  // No unit of UTF-16 takes more than three bytes.
  if (NAMESPACE_BYTES + 3 * name.length > scratch.length) return Buffer.concat([namespace, Buffer.from(name, 'utf8')]);
  scratch.set(namespace);
  return scratch.subarray(0, NAMESPACE_BYTES + scratch.write(name, NAMESPACE_BYTES, 'utf8'));
}
