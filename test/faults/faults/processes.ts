import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../fault.js';
import { PARTS, type Part, type Stage } from '../stage.js';

/** How long a part stays away. */
const AWAY = 2_000;

async function killAndStart(stage: Stage, ...parts: readonly Part[]): Promise<void> {
  await Promise.all(parts.map((part) => stage.kill(part)));
  await delay(AWAY);
  await Promise.all(parts.map((part) => stage.start(part)));
}

/** What can become of our own processes. */
export const PROCESS_FAULTS: readonly Fault[] = [
  {
    name: 'ingress-killed',
    about: 'one ingress after the other is killed and started again',
    refuses: true,
    happen: async (stage) => {
      await killAndStart(stage, 'ingress-1');
      await killAndStart(stage, 'ingress-2');
    },
  },
  {
    name: 'normaliser-killed',
    about: 'the normaliser is killed and started again',
    happen: (stage) => killAndStart(stage, 'normaliser'),
  },
  {
    name: 'projector-killed',
    about: 'the projector is killed and started again',
    happen: (stage) => killAndStart(stage, 'projector'),
  },
  {
    name: 'all-killed',
    about: 'every process of ours is killed at once and started again',
    quick: true,
    refuses: true,
    happen: (stage) => killAndStart(stage, ...PARTS),
  },
  {
    name: 'all-restarted',
    about: 'every process is asked to stop, all at once, and started again',
    refuses: true,
    happen: async (stage) => {
      await Promise.all(PARTS.map((part) => stage.stopInOrder(part)));
      await delay(AWAY);
      await Promise.all(PARTS.map((part) => stage.start(part)));
    },
  },
  {
    name: 'rolling-restart',
    about: 'every process is replaced in its turn: another one starts, and then it is asked to stop',
    happen: async (stage) => {
      for (const [old, next] of [
        ['ingress-1', 'ingress-3'],
        ['ingress-2', 'ingress-4'],
        ['normaliser', 'normaliser-2'],
        ['projector', 'projector-2'],
      ] as const) {
        await stage.start(next);
        await stage.stopInOrder(old);
        await delay(AWAY);
      }
    },
    // A second is what a pause may take; the bound allows for a busy machine.
    judge: (_stage, { repeated, pause }) => [
      ...(repeated === 0 ? [] : [`subscribers were told ${repeated} changes again`]),
      ...(pause < 3 ? [] : [`no row was written for ${pause.toFixed(1)} s`]),
    ],
  },
  {
    name: 'ingress-frozen',
    about: 'one of two ingresses hangs for 10 s',
    refuses: true,
    happen: async (stage) => {
      const { process } = stage.part('ingress-1');
      process.signal('SIGSTOP');
      await delay(10_000);
      process.signal('SIGCONT');
    },
  },
  {
    name: 'projector-frozen',
    about: 'the projector hangs until another one has taken its partitions, and comes back',
    happen: async (stage) => {
      const { process } = stage.part('projector');
      process.signal('SIGSTOP');
      try {
        await stage.start('projector-2');
        await delay(AWAY);
      } finally {
        process.signal('SIGCONT');
      }
    },
  },
  {
    name: 'rebalance-storm',
    about: 'normalisers and projectors come and go without pause for 30 s, some of them killed',
    happen: async (stage) => {
      const end = Date.now() + 30_000;
      for (let turn = 2; Date.now() < end; turn += 1) {
        const guests: readonly Part[] = [`normaliser-${turn}`, `projector-${turn}`];
        // Who is asked to stop before it has begun just ends; who is killed may be killed at any moment.
        const isKilled = turn % 2 === 0;
        await Promise.all(guests.map((guest) => stage.start(guest, { ready: !isKilled })));
        await delay(1_000);
        await Promise.all(guests.map((guest) => (isKilled ? stage.kill(guest) : stage.stopInOrder(guest))));
      }
    },
  },
];
