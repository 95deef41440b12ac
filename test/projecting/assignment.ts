import type { AppProcess } from '../system/app-process.js';

/** The partitions that a projector was dealt last. */
export function assignment(app: AppProcess): readonly number[] {
  const lines = app
    .log()
    .split('\n')
    .filter((line) => line.includes('"kafka.group-joined"'));
  const { assigned = {} } = JSON.parse(lines.at(-1) ?? '{}') as { assigned?: Record<string, readonly number[]> };
  return Object.values(assigned).flat();
}
