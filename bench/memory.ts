import { readFileSync } from 'node:fs';

/** What of the machine's memory a process holds, MiB. */
export function residentMebibytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kibibytes ?? 0) / 1_024);
}
