import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { signalProcessGroup } from './processes.js';

/** A process as it was when we wrote it down. A pid alone proves nothing: it may belong to someone else by now. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** When the process started, in the system's own terms; only compared for equality. */
  readonly startedAt: string;
}

/** When the process with this pid started, as an opaque text; null when there is none. */
export function processStart(pid: number): string | null {
  try {
    // Field 22 of /proc/<pid>/stat (proc(5)); the name before it is in brackets and may hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null;
    return fields[19] ?? null;
  } catch {
    if (process.platform === 'linux') return null;
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** The record of a process that runs now. */
export function recordOf(name: string, pid: number): ProcessRecord | null {
  const startedAt = processStart(pid);
  return startedAt === null ? null : { name, pid, startedAt };
}

/** Whether the very process that was written down still runs. */
export function isAlive(record: ProcessRecord): boolean {
  return processStart(record.pid) === record.startedAt;
}

/**
 * The processes that one run started, kept in a file, so that the next run can stop what a crash left behind.
 * The file is replaced as a whole: a crash leaves the old one or the new one.
 */
export class ProcessRegistry {
  readonly #file: string;
  #records: ProcessRecord[];

  constructor(file: string) {
    this.#file = file;
    this.#records = readRecords(file);
  }

  /** What the file says, whether it still runs or not; in order of their start. */
  get records(): readonly ProcessRecord[] {
    return this.#records;
  }

  add(name: string, pid: number): void {
    const record = recordOf(name, pid);
    if (record === null) return;
    this.#records.push(record);
    this.#write();
  }

  remove(pid: number): void {
    this.#records = this.#records.filter((record) => record.pid !== pid);
    this.#write();
  }

  clear(): void {
    this.#records = [];
    rmSync(this.#file, { force: true });
  }

  #write(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#records, null, 2));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function readRecords(file: string): ProcessRecord[] {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(parsed) ? parsed.filter(isRecord) : [];
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is ProcessRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<ProcessRecord>;
  return typeof record.name === 'string' && Number.isInteger(record.pid) && typeof record.startedAt === 'string';
}

/**
 * Stops what still runs of a list, the last started first, each with SIGTERM and after `graceMs` with SIGKILL.
 * Postgres takes SIGTERM for "when everyone has gone", so it gets SIGINT.
 * @returns the names of those that ran
 */
export async function stopLeftovers(records: readonly ProcessRecord[], graceMs = 10_000): Promise<string[]> {
  const stopped: string[] = [];
  for (const record of records.toReversed()) {
    if (!isAlive(record)) continue;
    stopped.push(record.name);
    signalProcessGroup(record.pid, record.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    // A stopped (SIGSTOP) process would never see the request.
    signalProcessGroup(record.pid, 'SIGCONT');
    const deadline = Date.now() + graceMs;
    while (isAlive(record) && Date.now() < deadline) await delay(50);
    if (isAlive(record)) signalProcessGroup(record.pid, 'SIGKILL');
    while (isAlive(record)) await delay(20);
  }
  return stopped;
}
