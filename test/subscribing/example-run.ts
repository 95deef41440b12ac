import { readFileSync } from 'node:fs';
import { startProcess, type Exit } from '../../dev/processes.js';
import type { ExampleProgram } from './example-programs.js';

/** A change that an example took for news. */
export interface AcceptedChange {
  readonly key: string;
  readonly revision: number;
  readonly status: string;
  readonly final: boolean;
  readonly reference: string | null;
  readonly messageId: string | null;
}

/** What an example counted, said at its end. */
export interface Counts {
  readonly read: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** A running example. */
export interface ExampleRun {
  readonly exited: Promise<Exit>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it, if it has not ended. */
  stop(): Promise<Exit>;
  /** What it has taken for news so far. */
  accepted(): AcceptedChange[];
  /** Null as long as it has not said it. */
  counts(): Counts | null;
  /** Everything that it has printed, for people. */
  log(): string;
}

/** Starts an example with settings of its environment. */
export async function startExample(
  { command, args }: ExampleProgram,
  settings: Readonly<Record<string, string>>,
  logFile: string,
): Promise<ExampleRun> {
  const process = await startProcess({
    name: 'example',
    command,
    args,
    logFile,
    env: { PATH: globalThis.process.env.PATH, ...settings },
  });
  const log = (): string => readFileSync(logFile, 'utf8');
  // Whole lines only: the last one may be under way, or cut off by a kill. What clients log is not JSON.
  const lines = (): unknown[] =>
    log()
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as unknown);
  return {
    exited: process.exited,
    signal: (signal) => {
      process.signal(signal);
    },
    stop: () => process.stop('SIGTERM', 20_000),
    accepted: () => lines().filter((line): line is AcceptedChange => 'revision' in (line as object)),
    counts: () => lines().find((line): line is Counts => 'counts' in (line as object)) ?? null,
    log,
  };
}
