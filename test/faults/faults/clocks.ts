import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { REPOSITORY } from '../../../dev/places.js';
import type { Fault } from '../fault.js';
import type { Part, Stage } from '../stage.js';

const SHIFTED_CLOCK = join(REPOSITORY, 'test', 'faults', 'shifted-clock.mjs');

/** Clocks that are wrong. */
export const CLOCK_FAULTS: readonly Fault[] = [
  {
    name: 'clock-ahead',
    about: 'the clocks of an ingress, the normaliser and the projector are 8 hours ahead for 10 s',
    refuses: true,
    happen: (stage) => withClocks(stage, 8),
  },
  {
    name: 'clock-behind',
    about: 'they are 8 hours behind',
    refuses: true,
    happen: (stage) => withClocks(stage, -8),
  },
];

async function withClocks(stage: Stage, hours: number): Promise<void> {
  const parts: readonly Part[] = ['ingress-1', 'normaliser', 'projector'];
  const again = async (env: Readonly<Record<string, string>>): Promise<void> => {
    for (const part of parts) await stage.stopInOrder(part);
    await Promise.all(parts.map((part) => stage.start(part, { env })));
  };
  await again({ NODE_OPTIONS: `--import=${SHIFTED_CLOCK}`, CLOCK_SHIFT_HOURS: String(hours) });
  await delay(10_000);
  await again({});
}
