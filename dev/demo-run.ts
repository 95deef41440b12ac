import { setTimeout as delay } from 'node:timers/promises';
import { total } from './compare-rows.js';
import type { Console } from './console.js';
import { count } from './console.js';
import { recordsBetween } from './topic-reader.js';
import type { TopicReader } from './topic-reader.js';
import type { RunOutcome, TopicEnds } from './run-outcome.js';
import { readOutcome, topicEnds, WATCHED_TOPICS } from './run-outcome.js';
import type { SimulatedRun } from './run-verdict.js';
import { disagreements } from './run-verdict.js';

/** A run that a person waits for: some eight seconds. */
const MESSAGES = 2_000;
/** Receipts a second, pushes and messages in queues together. */
const RATE = 250;

/** Each look at the topics opens connections, on the machine that is being watched. */
const BETWEEN_LOOKS = 1_000;

const SHOWN_TOPICS = ['events.v1', 'message-status.v1', 'dead-letters.v1'] as const;
type ShownTopic = (typeof SHOWN_TOPICS)[number];

/** When nothing moves for so long, what is missing will not come. */
const PATIENCE = 20_000;

/** What a run was and what became of it. */
export interface FinishedRun {
  readonly run: SimulatedRun;
  readonly outcome: RunOutcome;
  /** What does not agree; empty if all is well. */
  readonly missing: readonly string[];
}

/** Lets the simulator play a realistic run and waits until everything of it has come out at the other end. */
export async function demonstrate(
  simulator: string,
  reader: TopicReader,
  databaseUrl: string,
  out: Console,
): Promise<FinishedRun> {
  const from = await topicEnds(reader, WATCHED_TOPICS);
  let run = await control(`${simulator}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: MESSAGES, rate: RATE }),
  });
  const stillness = createStillness();
  while (run.state === 'running') {
    out.status(progressLine(run, from, await topicEnds(reader, SHOWN_TOPICS)));
    await delay(BETWEEN_LOOKS);
    const isStuck = stillness.lasts(JSON.stringify(run.progress), PATIENCE);
    run = await control(`${simulator}/runs/current`, isStuck ? { method: 'DELETE' } : {});
  }

  for (;;) {
    const ends = await topicEnds(reader, SHOWN_TOPICS);
    out.status(progressLine(run, from, ends));
    const isOver = stillness.lasts(
      SHOWN_TOPICS.map((topic) => recordsBetween(new Map(), ends[topic])).join(),
      PATIENCE,
    );
    // Looking everything up is dear, so first the message-status topic has to have grown enough.
    const isLikelyDone =
      recordsBetween(from['message-status.v1'], ends['message-status.v1']) >= total(run.expected.messages);
    if (isLikelyDone || isOver) {
      const traces = { reader, from, databaseUrl, simulator };
      const outcome = await readOutcome(traces, run.expected.tag, run.startedAt);
      const missing = disagreements(run, outcome);
      if (missing.length === 0 || isOver) return { run, outcome, missing };
    }
    await delay(BETWEEN_LOOKS / 2);
  }
}

/** Tells whether something has been the same for so long. */
function createStillness() {
  let last = '';
  let since = Date.now();
  return {
    lasts: (now: string, ms: number): boolean => {
      if (now !== last) {
        last = now;
        since = Date.now();
      }
      return Date.now() - since > ms;
    },
  };
}

function progressLine({ progress }: SimulatedRun, from: TopicEnds, to: TopicEnds<ShownTopic>): string {
  const since = (topic: ShownTopic): string => count(recordsBetween(from[topic], to[topic]));
  const { push, queue } = progress;
  return [
    `pushed ${count(push.accepted)} of ${count(push.planned)}`,
    `from queues ${count(queue.consumed)} of ${count(queue.planned)}`,
    `${since('events.v1')} events`,
    `${since('message-status.v1')} status changes`,
    `${since('dead-letters.v1')} dead letters`,
  ].join(' · ');
}

async function control(url: string, init?: RequestInit): Promise<SimulatedRun> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as SimulatedRun;
}
