import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { createLongPolls } from './long-polls.js';

const patient = new AbortController().signal;

/** Things that can be taken one by one. */
function shelf(limit = 10): {
  readonly things: string[];
  readonly polls: ReturnType<typeof createLongPolls>;
  readonly take: () => string | null;
} {
  const things: string[] = [];
  return { things, polls: createLongPolls(limit, () => null, Date.now), take: () => things.shift() ?? null };
}

describe('requests that wait', () => {
  it('are served as soon as something is there, who came first first', async () => {
    const { things, polls, take } = shelf();
    const waits = [polls.wait(30_000, take, patient), polls.wait(30_000, take, patient)];
    await delay(5);
    things.push('a');
    polls.wake();
    expect(await waits[0]).toBe('a');
    expect(polls.waiting).toBe(1);
    things.push('b');
    polls.wake();
    expect(await waits[1]).toBe('b');
    expect(polls.waiting).toBe(0);
  });

  it('get nothing when their time is over', async () => {
    const { polls, take } = shelf();
    expect(await polls.wait(10, take, patient)).toBeNull();
    expect(polls.waiting).toBe(0);
  });

  it('get nothing when they have gone, and nothing is taken for them', async () => {
    const { things, polls, take } = shelf();
    const client = new AbortController();
    const gone = polls.wait(30_000, take, client.signal);
    const here = polls.wait(30_000, take, patient);
    things.push('a');
    polls.wake();
    client.abort();
    expect(await gone).toBeNull();
    expect(await here).toBe('a');
    expect(await polls.wait(30_000, take, client.signal)).toBeNull();
  });

  it('are turned away when too many wait', async () => {
    const { polls, take } = shelf(1);
    const first = polls.wait(20, take, patient);
    expect(await polls.wait(30_000, take, patient)).toBeNull();
    expect(await first).toBeNull();
  });

  it('are served when something comes by itself', async () => {
    const at = Date.now() + 30;
    const polls = createLongPolls(10, () => (Date.now() < at ? at : null), Date.now);
    expect(await polls.wait(30_000, () => (Date.now() >= at ? 'a' : null), patient)).toBe('a');
  });
});
