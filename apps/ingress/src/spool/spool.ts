import { Worker } from 'node:worker_threads';
import type { OutgoingRecord } from '#kafka';
import type { SpoolAnswer, SpoolMessage, SpoolRequest } from './spool-messages.js';
import { SpoolRefusal, type DrainBatch, type SpoolNote, type SpoolSettings, type SpoolStatus } from './spool-terms.js';
import { encodeReceipt } from './stored-receipt.js';

/** The other side: a thread, or whatever speaks like one. */
export interface SpoolPort {
  postMessage(message: SpoolRequest, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: SpoolMessage) => void): unknown;
}

/** What a spool is run with. */
export interface SpoolParts {
  /** What may wait for the disk at once; what is more is refused. */
  readonly limits: { readonly records: number; readonly bytes: number };
  readonly onNote: (note: SpoolNote) => void;
  /** Its thread has ended by itself: only a new process mends that. */
  readonly onDeath: (reason: string) => void;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly receivedAt: number;
  readonly expiresAt: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** One commit takes so many receipts at most, and so many bytes: a few milliseconds of a slow disk. */
const MAX_COMMIT_RECORDS = 1_000;
const MAX_COMMIT_BYTES = 4_000_000;
/** After a refusal the disk is not asked again for so long, ms: whoever comes meanwhile gets his answer at once. */
const REFUSED_FOR = 1_000;

/**
 * The disk spool as the process sees it. Receipts are committed in groups: at once when nothing is under way, and what
 * has gathered meanwhile when the commit before is synced.
 */
export class Spool {
  readonly #answers: ((answer: SpoolAnswer) => void)[] = [];
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #committing = false;
  #refusal: SpoolRefusal | null = null;
  #refusedAt = -Infinity;
  /** Nothing more is taken in. */
  #retired = false;
  #closed = false;
  /** Why it was last not looked for orphans; null: it was. */
  #notAdopting: string | null = null;

  private constructor(
    private readonly port: SpoolPort,
    private readonly parts: SpoolParts,
    private current: SpoolStatus,
  ) {}

  /**
   * Opens a spool in a thread of its own.
   * @throws Error that says why its folder cannot be used
   */
  static open(settings: SpoolSettings, parts: SpoolParts): Promise<Spool> {
    const thread = new Worker(new URL('./spool-thread.js', import.meta.url), { workerData: settings, name: 'spool' });
    const opened = Spool.over(thread, parts);
    const died = new Promise<never>((_resolve, reject) => thread.once('error', reject));
    // Until it is open whoever waits hears of its death; afterwards nobody else would.
    void opened.then((spool) => {
      spool.#watch(thread);
    }, ignore);
    return Promise.race([opened, died]);
  }

  /**
   * The same with a spool that is served elsewhere.
   * @throws Error that says why its folder cannot be used
   */
  static over(port: SpoolPort, parts: SpoolParts): Promise<Spool> {
    return new Promise((resolve, reject) => {
      let spool: Spool | null = null;
      port.on('message', (message) => {
        if (message.kind === 'note') parts.onNote(message.note);
        else if (message.kind === 'opened') resolve((spool = new Spool(port, parts, message.status)));
        else if (message.kind === 'not-opened') reject(new Error(message.reason));
        else if (spool !== null) spool.#answered(message.answer, message.status);
      });
    });
  }

  /** As of the last thing that was done. */
  get status(): SpoolStatus {
    return this.current;
  }

  /** Receipts that wait for the disk, and their bytes. */
  get queued(): { readonly records: number; readonly bytes: number } {
    return { records: this.#waiting.length, bytes: this.#waitingBytes };
  }

  /** Whether it is worth trying: it is not full, and has not refused for a while. */
  get admits(): boolean {
    return this.current.problem !== 'full' && performance.now() - this.#refusedAt >= REFUSED_FOR;
  }

  /** Whether it would take a receipt, as far as known. A disk that has failed has to show that it works again. */
  get takes(): boolean {
    return this.current.problem === null && this.admits;
  }

  /**
   * Stores one receipt. Durable when it resolves.
   * @param expiresAt `performance.now()` after which it is no longer wanted
   * @throws SpoolRefusal: it is not stored, or nobody knows
   */
  append(record: OutgoingRecord, expiresAt: number): Promise<void> {
    if (this.#refusal !== null && performance.now() - this.#refusedAt < REFUSED_FOR) {
      return Promise.reject(this.#refusal);
    }
    const { records, bytes: most } = this.parts.limits;
    if (this.#retired || this.#waiting.length >= records || this.#waitingBytes + record.value.length > most) {
      return Promise.reject(new SpoolRefusal('busy'));
    }
    const bytes = encodeReceipt(record);
    const receivedAt = Date.parse(String(record.headers['received-at']));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, receivedAt, expiresAt, resolve, reject });
      this.#waitingBytes += bytes.length;
      if (this.#committing) return;
      this.#committing = true;
      // Not at once: whatever else arrived in this turn of the event loop travels along.
      setImmediate(() => void this.#commitUntilEmpty());
    });
  }

  /** The oldest receipts; null: there are none. */
  async read(maxRecords: number, maxBytes: number): Promise<DrainBatch | null> {
    const answer = await this.#ask({ kind: 'read', maxRecords, maxBytes });
    if (!answer.done) throw new Error(answer.reason);
    return answer.batch;
  }

  /** Kafka has what was read, but for so many that it will never take. */
  async drained({ segment, upTo }: DrainBatch, refused: number): Promise<void> {
    await this.#ask({ kind: 'drained', segment, upTo, refused });
  }

  /** Takes over what processes left that have ended. */
  async adopt(): Promise<void> {
    const answer = await this.#ask({ kind: 'adopt' });
    const reason = answer.done ? null : answer.reason;
    if (reason !== null && reason !== this.#notAdopting) {
      this.parts.onNote({ kind: 'not-adopted', name: 'all', reason });
    }
    this.#notAdopting = reason;
  }

  /** Takes nothing more. Afterwards `status.emptied` names every folder that nothing is in. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (!this.#closed) await this.#ask({ kind: 'retire' });
  }

  /** The projector knows that these folders, which are empty, hold nothing: they are removed. */
  async forget(folders: readonly string[]): Promise<void> {
    if (!this.#closed) await this.#ask({ kind: 'forget', folders });
  }

  /** Leaves what is not drained on the disk. What is asked for afterwards is refused. */
  async close(): Promise<void> {
    this.#retired = true;
    if (this.#closed) return;
    this.#closed = true;
    await this.#ask({ kind: 'close' });
  }

  async #commitUntilEmpty(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      if (batch.length > 0) await this.#commit(batch);
    }
    this.#committing = false;
  }

  #takeBatch(): Waiting[] {
    const now = performance.now();
    const batch: Waiting[] = [];
    let [taken, bytes] = [0, 0];
    for (const waiting of this.#waiting) {
      if (batch.length === MAX_COMMIT_RECORDS || bytes >= MAX_COMMIT_BYTES) break;
      taken += 1;
      this.#waitingBytes -= waiting.bytes.length;
      if (waiting.expiresAt <= now) waiting.reject(new SpoolRefusal('busy'));
      else {
        batch.push(waiting);
        bytes += waiting.bytes.length;
      }
    }
    this.#waiting = this.#waiting.slice(taken);
    return batch;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const sizes = batch.map(({ bytes }) => bytes.length);
    const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
    let at = 0;
    for (const waiting of batch) {
      bytes.set(waiting.bytes, at);
      at += waiting.bytes.length;
    }
    const times = batch.map(({ receivedAt }) => receivedAt);
    const answer = await this.#ask({ kind: 'append', bytes, sizes, times }, [bytes.buffer]);
    if (answer.done) {
      this.#refusal = null;
      for (const { resolve } of batch) resolve();
      return;
    }
    this.#refusal = new SpoolRefusal(answer.problem ?? 'failing');
    this.#refusedAt = performance.now();
    for (const { reject } of batch) reject(this.#refusal);
  }

  #ask(request: SpoolRequest, transfer: readonly ArrayBuffer[] = []): Promise<SpoolAnswer> {
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      this.port.postMessage(request, transfer);
    });
  }

  #answered(answer: SpoolAnswer, status: SpoolStatus): void {
    this.current = status;
    this.#answers.shift()?.(answer);
  }

  #watch(thread: Worker): void {
    thread.on('error', ignore);
    thread.on('exit', () => {
      if (!this.#closed) this.parts.onDeath('the thread of the spool has ended');
      this.#retired = true;
      this.#closed = true;
      this.current = { ...this.current, problem: 'failing' };
      for (const resolve of this.#answers.splice(0)) resolve({ done: false, problem: 'failing', reason: 'ended' });
    });
  }
}

function ignore(): void {
  // The event that follows says what there is to say.
}
