import { RecordTooLargeError, type OutgoingRecord, type PublishOptions } from '#kafka';
import { Deadlines, type Due } from '../deadlines.js';
import type { Circuit } from './circuit.js';
import type { Spool } from './spool.js';
import { SpoolRefusal } from './spool-terms.js';

/** Where receipts become durable. */
export interface DurableParts {
  readonly kafka: {
    readonly connected: boolean;
    publish(record: OutgoingRecord, options: PublishOptions): Promise<void>;
  };
  readonly spool: Pick<Spool, 'append' | 'admits'>;
  readonly circuit: Circuit;
  /** A receipt is in the spool. */
  readonly onStored: () => void;
}

/** Something that Kafka has until `dueAt`. */
interface Attempt extends Due {
  readonly giveUp: () => void;
}

/** Kafka's share is rounded down to a multiple of this, ms: few different ones, so that one timer watches over all. */
const SHARE_STEP = 25;
/** Had Kafka less than this, ms, its silence says nothing of it: a body that came late must not be a verdict for all. */
const FAIR_TIME = 100;

/**
 * Publishes a receipt to Kafka or, when Kafka does not confirm it within half of the time that is left, stores it in the
 * spool. The record is the same, its receipt id included: where Kafka took it after all it is in the topic twice, and
 * becomes one further on.
 */
export class DurablePublisher {
  readonly #parts: DurableParts;
  readonly #attempts = new Deadlines<Attempt>(({ giveUp }) => {
    giveUp();
  });

  constructor(parts: DurableParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the record is durable.
   * @throws RecordTooLargeError: no broker would take it
   * @throws SpoolRefusal: neither Kafka nor the spool has confirmed it
   */
  async publish(record: OutgoingRecord, options: PublishOptions = {}): Promise<void> {
    const { expiresAt = Infinity } = options;
    const { kafka, spool, circuit, onStored } = this.#parts;
    const timeLeft = (): number => expiresAt - performance.now();
    // With a spool that takes nothing Kafka is all there is, and there is nothing to save time for.
    const alone = !spool.admits;
    // Without a connection there is nothing to find out: the producer itself tries for one.
    const tries = alone || (kafka.connected && circuit.admits());
    if (tries && (await this.#tryKafka(record, options, alone ? timeLeft() : timeLeft() / 2))) return;
    try {
      await spool.append(record, expiresAt);
    } catch (error) {
      if (tries || !(error instanceof SpoolRefusal)) throw error;
      // Nobody knew that it would refuse.
      if (await this.#tryKafka(record, options, timeLeft())) return;
      throw error;
    }
    onStored();
  }

  /** Stops watching; what is under way is given up no more. */
  stop(): void {
    this.#attempts.stop();
  }

  /**
   * Whether Kafka confirmed it within `time`, ms.
   * @throws RecordTooLargeError
   */
  async #tryKafka(record: OutgoingRecord, options: PublishOptions, time: number): Promise<boolean> {
    const { kafka, circuit } = this.#parts;
    const share = Math.floor(time / SHARE_STEP) * SHARE_STEP;
    if (share <= 0) return false;
    const dueAt = performance.now() + share;
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        if (share >= FAIR_TIME) circuit.failed();
        resolve(false);
      };
      const attempt: Attempt = { dueAt, giveUp: fail };
      this.#attempts.add(attempt, share);
      kafka.publish(record, { ...options, expiresAt: dueAt }).then(
        () => {
          if (!this.#attempts.remove(attempt, share)) return;
          circuit.worked();
          resolve(true);
        },
        (error: unknown) => {
          if (!this.#attempts.remove(attempt, share)) return;
          if (error instanceof RecordTooLargeError) reject(error);
          else fail();
        },
      );
    });
  }
}
