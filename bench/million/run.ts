import { queueOf } from '../../apps/simulator/src/callbacks.js';
import type { Installation } from '../installation.js';
import type { QueueSimulator } from '../queue/simulator.js';
import { deliver, type Sent } from './deliver.js';
import { Processes } from './processes.js';
import { untilSettled, type Stand } from './settled.js';
import { WORLD_SOURCES, type WorldReceipt } from './world.js';

/** Secret path segment of every source. */
export const TOKEN = 'token-of-the-benchmark-1';

/** The queues of the sources that have one. */
export const QUEUES: readonly string[] = WORLD_SOURCES.flatMap((id) => queueOf(id) ?? []);

/** Told how far it is; called often. */
export type OnProgress = (text: string) => void;

/** How a run goes. */
export interface RunSettings {
  /** For people. */
  readonly name: string;
  /** Deliveries at once; one keeps their order. */
  readonly lanes: number;
  /** How many facts there are, about. */
  readonly facts: number;
  /** How many processes are killed on the way. */
  readonly kills: number;
  readonly projectors: number;
}

/** A run that is over. Nothing of it runs any more. */
export interface FinishedRun {
  readonly installation: Installation;
  readonly sent: Sent;
  readonly kills: number;
  readonly seconds: number;
}

const FACTS_PER_RECEIPT = 2;

/**
 * One run, from the first receipt until everything is projected.
 * @throws Error when it stands still before that
 */
export async function run(
  installation: Installation,
  simulator: QueueSimulator,
  receipts: Iterator<WorldReceipt>,
  { name, lanes, facts, kills, projectors }: RunSettings,
  onProgress: OnProgress,
): Promise<FinishedRun> {
  const environment = { MNS_QUEUE_ENDPOINT: simulator.url, MNS_TOKEN_ENDPOINT: simulator.url };
  const processes = new Processes(installation, environment);
  const began = performance.now();
  await processes.start({ ingress: 1, normaliser: 1, projector: projectors });
  try {
    let isSent = false;
    const show = ({ receipts: taken, normalised, events, projected }: Stand): void => {
      onProgress(
        `${name}: ${[taken, normalised, events, projected].map((count) => count.toLocaleString('en-US')).join(' / ')} ` +
          `receipts taken / normalised / events / projected, ${processes.kills} killed`,
      );
    };
    const isEmpty = async (): Promise<boolean> => {
      const sizes = await Promise.all(QUEUES.map((queue) => simulator.size(queue)));
      return isSent && sizes.every((size) => size === 0);
    };
    // How many receipts there will be nobody knows, but facts; of those a receipt holds two, more or less.
    const mark = facts / FACTS_PER_RECEIPT / (kills + 1);
    const doors = {
      address: (source: string) => `http://127.0.0.1:${processes.port}/receipts/${source}/${TOKEN}`,
      enqueue: (queue: string, body: string) => simulator.send(queue, body),
    };
    const delivery = deliver(receipts, doors, lanes, (delivered) => {
      if (processes.kills < kills && delivered >= (processes.kills + 1) * mark) processes.killNext();
    }).then((sent) => {
      isSent = true;
      return sent;
    });
    const [sent] = await Promise.all([delivery, untilSettled(installation, isEmpty, show)]);
    return { installation, sent, kills: processes.kills, seconds: (performance.now() - began) / 1_000 };
  } finally {
    await processes.stop();
  }
}
