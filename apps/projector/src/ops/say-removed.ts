import type { OnRemoved } from '#kafka';
import type { Progress } from './progress.js';

/** Says what retention has removed before it could be read: it is passed over. */
export function sayRemoved(progress: Progress): OnRemoved {
  return (partition, { from, to }) => {
    progress.say(`partition ${partition}: offsets ${from} to ${to - 1n} left the topic before they were read`);
  };
}
