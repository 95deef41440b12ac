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

function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidV5(namespace: Buffer, name: string): string {
  const digest = hash('sha1', Buffer.concat([namespace, Buffer.from(name, 'utf8')]), 'hex');
  const variant = ((parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
