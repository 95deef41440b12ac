import { readFileSync } from 'node:fs';

/** What of the machine's memory a process holds, MiB. */
export function residentMebibytes(pid: number): number {
  return mebibytes(pid, 'VmRSS');
}

/** The most that it ever held, MiB: the kernel keeps it (proc(5)), so no peak falls between two looks. */
export function mostResidentMebibytes(pid: number): number {
  return mebibytes(pid, 'VmHWM');
}

function mebibytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const [, kibibytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kibibytes ?? 0) / 1_024);
}
