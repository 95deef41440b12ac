import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel's own tick (USER_HZ; time(7)). */
const TICKS_PER_SECOND = 100;

/** User and system time of a process, all its threads, seconds; 0 where there is no such process. */
export function cpuSeconds(pid: number): number {
  return secondsOf(`/proc/${pid}/stat`);
}

/** The same of its first thread alone: in Node the one that runs JavaScript. Most of the rest is garbage collection. */
export function mainThreadSeconds(pid: number): number {
  return secondsOf(`/proc/${pid}/task/${pid}/stat`);
}

function secondsOf(file: string): number {
  const stat = read(file);
  // The name in brackets may hold spaces; utime and stime are fields 14 and 15 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_SECOND;
}

/** The same for a process and all that it started and that still runs: Postgres has a process for each connection. */
export function cpuSecondsOfTree(pid: number): number {
  const children = read(`/proc/${pid}/task/${pid}/children`)
    .split(' ')
    .filter((text) => text !== '');
  return children.reduce((sum, child) => sum + cpuSecondsOfTree(Number(child)), cpuSeconds(pid));
}

/** Work that is being done elsewhere: how many processes wanted a core during the last minute. */
export function loadAverage(): number {
  return Number(read('/proc/loadavg').split(' ')[0] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
