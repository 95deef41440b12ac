import { describe, expect, it } from '@jest/globals';
import type { OutgoingRecord } from '#kafka';
import { Outbox } from './outbox.js';

const record = (key: string): OutgoingRecord => ({ topic: 't', key, value: '', headers: {} });

/** Takes records in, and answers when told to. */
class Topic {
  readonly keys: OutgoingRecord['key'][] = [];
  readonly answers: ((error?: Error) => void)[] = [];

  publishAll(records: readonly OutgoingRecord[]): Promise<void> {
    this.keys.push(...records.map(({ key }) => key));
    return new Promise((resolve, reject) => {
      this.answers.push((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }
}

async function put(outbox: Outbox, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    outbox.add(record(String(at)));
    if (outbox.isFull) await outbox.flush();
  }
}

describe('Outbox', () => {
  it('hands over everything in order, and is done only when all of it is durable', async () => {
    const topic = new Topic();
    const outbox = new Outbox(topic);
    await put(outbox, 600);
    let done = false;
    const closing = outbox.close().then(() => (done = true));
    for (const answer of topic.answers) {
      await new Promise(setImmediate);
      expect(done).toBe(false);
      answer();
    }
    await closing;
    expect(topic.keys).toEqual(Array.from({ length: 600 }, (_, at) => String(at)));
  });

  it('goes on while Kafka works, but not without end', async () => {
    const topic = new Topic();
    const putting = put(new Outbox(topic), 100_000);
    await new Promise(setImmediate);
    expect(topic.keys.length).toBeGreaterThan(250);
    expect(topic.keys.length).toBeLessThan(2_000);
    for (let at = 0; at < 400; at++) {
      topic.answers[at]!();
      await new Promise(setImmediate);
    }
    await putting;
    expect(topic.keys).toHaveLength(100_000);
  });

  it('throws what went wrong with any of it, and nothing is left unhandled', async () => {
    const topic = new Topic();
    const outbox = new Outbox(topic);
    await put(outbox, 600);
    const closing = outbox.close();
    topic.answers[1]!(new Error('second'));
    topic.answers[2]!(new Error('third'));
    await new Promise(setImmediate);
    topic.answers[0]!();
    await expect(closing).rejects.toThrow('second');
  });
});
