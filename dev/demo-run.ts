import { setTimeout as delay } from 'node:timers/promises';
import type { Console } from './console.js';
import { count } from './console.js';
import { recordsBetween } from './topic-reader.js';
import type { TopicReader } from './topic-reader.js';
import type { RunOutcome, TopicEnds } from './run-outcome.js';
import { readOutcome, topicEnds, WATCHED_TOPICS } from './run-outcome.js';
import { total } from './run-rows.js';
import type { SimulatedRun } from './run-verdict.js';
import { disagreements } from './run-verdict.js';

/** A run that a person waits for: some eight seconds. */
const MESSAGES = 2_000;
/** Receipts a second; with the reports that one receipt holds, more than 200 messages a second. */
const RATE = 100;

/** Each look at the topics opens connections, on the machine that is being watched. */
const BETWEEN_LOOKS = 1_000;

const SHOWN_TOPICS = ['events.v1', 'message-status.v1', 'dead-letters.v1'] as const;
type ShownTopic = (typeof SHOWN_TOPICS)[number];

/** When nothing moves for so long after the last push, what is missing will not come. */
const PATIENCE = 20_000;

/** What a run was and what became of it. */
export interface FinishedRun {
  readonly run: SimulatedRun;
  readonly outcome: RunOutcome;
  /** What does not agree; empty if all is well. */
  readonly missing: readonly string[];
}

/** Lets the simulator push a realistic run and waits until everything of it has come out at the other end. */
export async function demonstrate(
  simulator: string,
  reader: TopicReader,
  databaseUrl: string,
  out: Console,
): Promise<FinishedRun> {
  const from = await topicEnds(reader, WATCHED_TOPICS);
  await control(`${simulator}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: MESSAGES, rate: RATE }),
  });

  let run = await current(simulator);
  while (run.state === 'running') {
    out.status(progressLine(run, from, await topicEnds(reader, SHOWN_TOPICS)));
    await delay(BETWEEN_LOOKS);
    run = await current(simulator);
  }

  let lastMove = Date.now();
  let lastEnds = '';
  for (;;) {
    const ends = await topicEnds(reader, SHOWN_TOPICS);
    out.status(progressLine(run, from, ends));
    const endsText = SHOWN_TOPICS.map((topic) => recordsBetween(new Map(), ends[topic])).join();
    if (endsText !== lastEnds) {
      lastEnds = endsText;
      lastMove = Date.now();
    }
    // Looking everything up is dear, so first the message-status topic has to have grown enough.
    const isLikelyDone =
      recordsBetween(from['message-status.v1'], ends['message-status.v1']) >= total(run.expected.messages);
    const isOver = Date.now() - lastMove > PATIENCE;
    if (isLikelyDone || isOver) {
      const outcome = await readOutcome(reader, databaseUrl, from, run.expected.tag);
      const missing = disagreements(run, outcome);
      if (missing.length === 0 || isOver) return { run, outcome, missing };
    }
    await delay(BETWEEN_LOOKS / 2);
  }
}

function progressLine({ progress }: SimulatedRun, from: TopicEnds, to: TopicEnds<ShownTopic>): string {
  const since = (topic: ShownTopic): string => count(recordsBetween(from[topic], to[topic]));
  return [
    `pushed ${count(progress.pushed)} of ${count(progress.planned)} receipts`,
    `accepted ${count(progress.accepted)}`,
    `${since('events.v1')} events`,
    `${since('message-status.v1')} status changes`,
    `${since('dead-letters.v1')} dead letters`,
  ].join(' · ');
}

function current(simulator: string): Promise<SimulatedRun> {
  return control(`${simulator}/runs/current`);
}

async function control(url: string, init?: RequestInit): Promise<SimulatedRun> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as SimulatedRun;
}
