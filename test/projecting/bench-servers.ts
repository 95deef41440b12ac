import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchServers } from '../../bench/bench-stack.js';
import { signalProcessGroup } from '../../dev/processes.js';

/** The servers of the tests, as a benchmark sees its own. */
export interface SharedBenchServers extends BenchServers {
  /** Ends what a benchmark that failed left running, and removes what it wrote. */
  cleanUp(): void;
}

/** For a suite that runs the code of a benchmark. */
export function benchServers(): SharedBenchServers {
  const running = new Set<number>();
  const directory = mkdtempSync(join(tmpdir(), 'quittance-bench-test-'));
  return {
    directory,
    brokers: process.env.TEST_KAFKA_BROKERS!,
    databaseUrl: process.env.TEST_DATABASE_URL!,
    register: (_, pid) => void running.add(pid),
    forget: (pid) => void running.delete(pid),
    cleanUp: () => {
      for (const pid of running) signalProcessGroup(pid, 'SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Names of its databases and topics: another run of the tests may use the same servers. */
export function anyRun(): number {
  return Math.floor(Math.random() * 1e9);
}
