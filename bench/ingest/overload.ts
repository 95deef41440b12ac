import type { BenchStack } from '../bench-stack.js';
import type { BenchOptions } from '../command-line.js';
import { Installation } from '../installation.js';
import { rounded, type Measurement } from '../measurement.js';
import { mostResidentMebibytes, residentMebibytes } from '../memory.js';
import { runLoad, type LoadStep } from './load.js';

/** So many times what the ingress takes in a closed loop. */
const FACTOR = 10;
const OPEN_CONNECTIONS = 2_048;
const WARM_UP_SECONDS = 3;
const SAMPLE_INTERVAL = 250;

/** Bodies of a report, and large ones, of which far fewer fit into the room for bodies than there are connections. */
const BODIES = [
  { variant: 'one report a body', bodyBytes: 300, closedConnections: 512 },
  { variant: 'bodies of 256 KiB', bodyBytes: 256 * 1024, closedConnections: 16 },
];

/**
 * What becomes of the ingress when ten times as much is offered as it takes, for a while: how fast it refuses, how fast
 * it takes what it takes, and how much memory it needs for that, at first, at the end and at most.
 */
export async function measureOverload(
  stack: BenchStack,
  options: BenchOptions,
  repetition: number,
  report: (measurement: Measurement) => void,
): Promise<void> {
  for (const [index, { variant, bodyBytes, closedConnections }] of BODIES.entries()) {
    const name = `overload_${repetition}_${index}`;
    const installation = await Installation.create(stack, name, options.profileDirectory);
    const ingress = await installation.start('ingress');
    const step: LoadStep = {
      port: ingress.port,
      path: installation.path,
      connections: closedConnections,
      rate: 0,
      seconds: WARM_UP_SECONDS,
      bodyBytes,
    };
    try {
      const closed = await runLoad(stack, step);
      const before = residentMebibytes(ingress.pid);
      const watch = watchMemory(ingress.pid);
      const rate = Math.max(1, Math.round((FACTOR * closed.accepted) / closed.seconds));
      const load = await runLoad(stack, { ...step, connections: OPEN_CONNECTIONS, rate, seconds: options.seconds });
      const memory = watch.stop();
      const records = await installation.count('raw-receipts.v1');
      report({
        measure: 'overload',
        variant,
        repetition,
        values: {
          offered_s: rate,
          accepted_s: rounded(load.accepted / load.seconds),
          refused_s: rounded(load.refused / load.seconds),
          unanswered: load.unanswered,
          accepted_p99_ms: rounded(load.acceptedP99),
          refused_p99_ms: rounded(load.refusedP99),
          rss_before_mib: before,
          ...memory,
        },
        problems:
          records < closed.accepted + load.accepted
            ? [`${closed.accepted + load.accepted} accepted, but ${records} records in Kafka`]
            : [],
      });
    } finally {
      await ingress.stop();
      await installation.close();
    }
  }
}

/** Looks at the memory of a process until it is stopped: the mean of the first and of the last quarter, and the peak. */
function watchMemory(pid: number): { stop: () => Readonly<Record<string, number>> } {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(residentMebibytes(pid)), SAMPLE_INTERVAL);
  return {
    stop: () => {
      clearInterval(timer);
      samples.push(residentMebibytes(pid));
      const quarter = Math.max(1, samples.length >> 2);
      return {
        rss_first_quarter_mib: rounded(mean(samples.slice(0, quarter))),
        rss_last_quarter_mib: rounded(mean(samples.slice(-quarter))),
        rss_peak_mib: mostResidentMebibytes(pid),
      };
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
