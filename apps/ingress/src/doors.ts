import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AuthenticatedBy } from '#contracts';
import type { Provider } from '#providers';
import { addressMatcher } from '#runtime';
import type { HttpDoor, Source } from '#runtime';
import { acceptance } from './answers.js';
import type { FixedAnswer } from './answers.js';
import { PushCheck } from './push-check.js';
import { recordTemplate } from './receipt-record.js';
import type { RecordTemplate } from './receipt-record.js';

/**
 * All tokens are compared in buffers of this many bytes, so that neither their length nor where they differ shows in the
 * time it takes. Tokens have at most 200 bytes: of one that is cut off here the rest does not matter.
 */
const TOKEN_SPACE = 256;
/** What stands behind a token there: a byte that no UTF-8 has, so nothing that is sent can be taken for it. */
const PADDING = 0xff;

/** Why somebody was not let in. He is not told: the answer is the same for all of them. */
export type Intruder = 'unknown-source' | 'wrong-token' | 'address-not-allowed';

/** A source that may be pushed to, with everything made ready that is the same for all its receipts. */
export interface Door {
  readonly id: string;
  /** Milliseconds. */
  readonly deadline: number;
  readonly answer: FixedAnswer;
  readonly record: RecordTemplate;
  /** Null: its pushes are not signed, or nobody asks. */
  readonly push: PushCheck | null;
  /** Two, always: with one token it stands here twice, so that every source costs the same. Padded. */
  readonly tokens: readonly [Buffer, Buffer];
  readonly hasTokens: boolean;
  /** Null: any address. */
  readonly allows: ((address: string) => boolean) | null;
}

/** Who may come in by which door. */
export class Doors {
  readonly #doors = new Map<string, Door>();
  /** What the token for a source that does not exist is compared with. */
  readonly #noTokens: readonly [Buffer, Buffer] = [nobodysToken(), nobodysToken()];
  /** The token that is being looked at, in the same form; made once, because every request needs it. */
  readonly #presented = Buffer.alloc(TOKEN_SPACE);

  /** @param topic full name of the topic of raw receipts */
  constructor(sources: Iterable<Source>, providers: Readonly<Record<string, Provider>>, topic: string) {
    for (const source of sources) {
      const provider = providers[source.provider];
      if (source.http !== null && provider) this.#doors.set(source.id, doorOf(source, source.http, provider, topic));
    }
  }

  get ids(): readonly string[] {
    return [...this.#doors.keys()];
  }

  /**
   * Lets in or not. Takes the same time whether source or token are wrong, and wherever they differ.
   * @param token the path segment after the source; undefined where there is none
   */
  enter(sourceId: string, token: string | undefined, address: string): Door | Intruder {
    const door = this.#doors.get(sourceId);
    const presented = this.#presented.fill(PADDING);
    presented.write(token ?? '');
    const [first, second] = door?.tokens ?? this.#noTokens;
    const isFirst = timingSafeEqual(presented, first);
    const isSecond = timingSafeEqual(presented, second);
    if (door === undefined) return 'unknown-source';
    const holds = door.hasTokens ? isFirst || isSecond : token === undefined;
    if (!holds) return 'wrong-token';
    if (door.allows !== null && !door.allows(address)) return 'address-not-allowed';
    return door;
  }

  /** The name under which an intruder's knock is counted: only names that are ours, so that nobody can invent series. */
  countedAs(sourceId: string): string {
    return this.#doors.has(sourceId) ? sourceId : 'none';
  }
}

function doorOf(source: Source, http: HttpDoor, provider: Provider, topic: string): Door {
  const [first = nobodysToken(), second = first] = http.tokens.map(padded);
  return {
    id: source.id,
    deadline: http.deadline,
    answer: acceptance(provider.answer),
    record: recordTemplate(source, 'http', authenticatedBy(http), topic),
    push:
      http.push && provider.checkSignature
        ? new PushCheck(provider.checkSignature, http.push, recordTemplate(source, 'http', 'signature', topic))
        : null,
    tokens: [first, second],
    hasTokens: http.tokens.length > 0,
    allows: http.allowFrom.length > 0 ? addressMatcher(http.allowFrom) : null,
  };
}

/** What a receipt has proved by being let in. Its signature comes later. */
function authenticatedBy(http: HttpDoor): AuthenticatedBy {
  if (http.tokens.length > 0) return 'token';
  return http.allowFrom.length > 0 ? 'allow-list' : 'none';
}

function padded(token: string): Buffer {
  const buffer = Buffer.alloc(TOKEN_SPACE, PADDING);
  buffer.write(token);
  return buffer;
}

/** What no token can be equal to, or only by a luck that nobody has. */
function nobodysToken(): Buffer {
  return randomBytes(TOKEN_SPACE);
}
