import type { AppProcess } from '../system/app-process.js';

/** The partitions that a projector was dealt last. */
export function assignment(app: AppProcess): readonly number[] {
  const lines = app
    .log()
    .split('\n')
    // The ledger of the same process has a group of its own.
    .filter((line) => line.includes('"kafka.group-joined"') && /"groupId":"[^"]*projector"/.test(line));
  const { assigned = {} } = JSON.parse(lines.at(-1) ?? '{}') as { assigned?: Record<string, readonly number[]> };
  return Object.values(assigned).flat();
}
