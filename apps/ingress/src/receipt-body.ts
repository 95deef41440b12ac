import type { Readable } from 'node:stream';
import type { Shortage } from './fair-share.js';
import type { Stay } from './intake-room.js';

/** Largest body, bytes: 900 KiB, so that with its headers it fits the 1 MB that a Kafka record may have. */
export const BODY_LIMIT = 900 * 1024;

/** First room of a body that does not say how long it is. It doubles as the body grows. */
const FIRST_ROOM = 16 * 1024;

const EMPTY = Buffer.alloc(0);

/** Why a body is not read to its end. */
export class BodyRefusedError extends Error {
  override readonly name = 'BodyRefusedError';

  constructor(readonly reason: Shortage | 'too-large') {
    super(reason);
  }
}

/**
 * A body on its way in. Its bytes are copied together as they come: kept as the chunks that a client chose, a body sent
 * byte by byte would take two hundred times its size.
 */
export class ReceiptBody {
  #room: Buffer | null = null;
  #length = 0;
  #isWanted = true;

  /**
   * @param declared bytes, which the stay has room for; null: it does not say
   * @param stay is asked for more room where it does not say
   */
  constructor(
    private readonly declared: number | null,
    private readonly stay: Stay,
  ) {}

  /** @throws BodyRefusedError: it is larger than any receipt, or there is no room for more of it */
  add(chunk: Buffer): void {
    if (!this.#isWanted) return;
    const length = this.#length + chunk.length;
    if (length > BODY_LIMIT) throw new BodyRefusedError('too-large');
    this.#room ??= Buffer.allocUnsafe(this.declared ?? this.#grown(0, FIRST_ROOM));
    if (length > this.#room.length) {
      const larger = Buffer.allocUnsafe(this.#grown(this.#room.length, Math.max(length, 2 * this.#room.length)));
      this.#room.copy(larger, 0, 0, this.#length);
      this.#room = larger;
    }
    chunk.copy(this.#room, this.#length);
    this.#length = length;
  }

  /** Nobody wants it any more: what has come is let go, and what still comes is not kept. */
  drop(): void {
    this.#isWanted = false;
    this.#room = null;
  }

  /** What has come. */
  get bytes(): Buffer {
    return this.#room?.subarray(0, this.#length) ?? EMPTY;
  }

  #grown(from: number, to: number): number {
    const size = Math.min(to, BODY_LIMIT);
    const shortage = this.stay.grow(size - from);
    if (shortage !== null) throw new BodyRefusedError(shortage);
    return size;
  }
}

/** Reads a body to its end. Of what is refused on the way the rest is thrown away, until the answer ends the connection. */
export function readBody(stream: Readable, body: ReceiptBody, done: (error: Error | null) => void): void {
  const onData = (chunk: Buffer): void => {
    try {
      body.add(chunk);
    } catch (error) {
      finish(error as Error);
      stream.resume();
    }
  };
  const onEnd = (): void => {
    finish(null);
  };
  const finish = (error: Error | null): void => {
    stream.off('data', onData).off('end', onEnd).off('error', finish);
    done(error);
  };
  stream.on('data', onData).on('end', onEnd).on('error', finish);
}
