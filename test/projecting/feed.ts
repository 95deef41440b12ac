import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { encodeEvent, type CanonicalEvent } from '#contracts';
import { GroupCommitProducer, topicOffsets } from '#kafka';
import { seededRandom, shuffled } from '../../apps/simulator/src/plan/random.js';
import type { Installation } from '../system/installation.js';
import { silentLogger } from '../system/silent-logger.js';
import { until } from '../system/until.js';
import { eventsOf, MESSAGE_ROWS, rowOf } from './stories.js';
import { expectToldRight } from './told.js';

/** Share of the events that come twice. */
const DUPLICATES = 0.3;
/** Messages that begin with every step. */
const STEP = 40;
/** Events held back, to come late and out of order. */
const HELD_BACK = 400;
/** ms */
const BETWEEN_STEPS = 25;

/**
 * Publishes what happens to ever more messages, out of order and with repetitions, and knows what must come of it. The
 * seed is in the name of nothing: what matters is when the fault strikes.
 */
export class Feed {
  readonly #installation: Installation;
  readonly #random = seededRandom(1);
  #producer: GroupCommitProducer;
  #held: CanonicalEvent[] = [];
  #messages = 0;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(installation: Installation) {
    this.#installation = installation;
    this.#producer = this.#connect();
  }

  /** How many messages have begun. */
  get messages(): number {
    return this.#messages;
  }

  /** Publishes without pause until `finish`. */
  start(): void {
    this.#running = this.#run();
  }

  /** Waits until so many more messages have begun. */
  async more(messages: number): Promise<void> {
    const wanted = this.#messages + messages;
    await until(`${messages} more messages have begun`, () => this.#messages >= wanted);
  }

  /** Publishes the next events: some of new messages, some of older ones, some again. */
  async step(messages = STEP): Promise<void> {
    const fresh = Array.from({ length: messages }, () => eventsOf(this.#messages++)).flat();
    const again = fresh.filter(() => this.#random.chance(DUPLICATES));
    this.#held = shuffled(this.#random, [...this.#held, ...fresh, ...again]);
    await this.#publish(this.#held.splice(HELD_BACK));
  }

  /** Looks anew where partitions are: a producer learns of more of them only after a while. */
  async reconnect(): Promise<void> {
    const before = this.#producer;
    this.#producer = this.#connect();
    await before.close();
  }

  /** Publishes what was held back. */
  async finish(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#publish(this.#held.splice(0));
    await this.#producer.close();
  }

  /**
   * Ends, waits until everything is projected, and compares: every row with the truth, and what subscribers were told
   * with the rows.
   * @returns how many records the subscriber topic holds, and how many different ones
   */
  async expectTruth(): Promise<{ readonly told: number; readonly distinct: number }> {
    await this.finish();
    await allProjected(this.#installation);
    const rows = await this.#installation.rows(MESSAGE_ROWS);
    expect(rows).toEqual(Array.from({ length: this.#messages }, (_, message) => rowOf(message)));
    return expectToldRight(this.#installation);
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.step();
      await sleep(BETWEEN_STEPS);
    }
  }

  async #publish(events: readonly CanonicalEvent[]): Promise<void> {
    const topic = this.#installation.topic('events.v1');
    await this.#producer.publishAll(events.map((event) => ({ topic, ...encodeEvent(event) })));
  }

  #connect(): GroupCommitProducer {
    return new GroupCommitProducer({ kafka: this.#installation.kafka, logger: silentLogger });
  }
}

/** Waits until the stored positions have reached the end of the events topic. */
export async function allProjected(installation: Installation): Promise<void> {
  const topic = installation.topic('events.v1');
  await until('every event is projected', async () => {
    const ends = await topicOffsets(installation.kafka, topic);
    const rows = await installation.rows('SELECT partition, next_offset FROM projector_offset WHERE topic = $1', [
      topic,
    ]);
    const reached = new Map(rows.map(({ partition, next_offset: next }) => [partition, String(next)]));
    return [...ends].every(([partition, { low, high }]) => low === high || reached.get(partition) === String(high));
  });
}
