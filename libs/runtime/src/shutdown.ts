import type { Health } from './health.js';
import { describeError } from './logging.js';
import type { Logger } from './logging.js';

/** What ends a process well. */
export interface ShutdownParts {
  /** A Nest application, context or microservice. */
  readonly app: { close(): Promise<void> };
  readonly health: Health;
  readonly logger: Logger;
  /** Milliseconds that closing may take. */
  readonly grace: number;
  /** What is unfinished now, for the log line when the time is up: `{ requests: 3 }`. */
  readonly unfinished?: () => Readonly<Record<string, unknown>>;
  /** What comes last, once everything has closed. */
  readonly lastly?: (() => Promise<void>) | undefined;
}

/** Ends the process from inside. */
export interface Shutdown {
  /** Stops as SIGTERM does, then exits with `exitCode`. For a process that cannot go on without a restart. */
  stop(reason: string, exitCode: number): void;
}

/**
 * SIGTERM or SIGINT: readiness turns red, Nest closes, exit 0. Not closed within the grace: what is still open is
 * logged, exit 1. A second signal ends the process at once.
 */
export function shutDownOnSignals(parts: ShutdownParts): Shutdown {
  const { app, health, logger, grace } = parts;
  let stopping = false;

  function end(exitCode: number): never {
    logger.flush();
    process.exit(exitCode);
  }

  function stop(reason: string, exitCode: number): void {
    if (stopping) {
      logger.warn({ reason }, 'process.stopped-at-once');
      end(1);
    }
    stopping = true;
    health.draining();
    logger.info({ reason, graceMs: grace }, 'process.stopping');
    setTimeout(() => {
      logger.error({ ...parts.unfinished?.(), open: openResources() }, 'process.grace-exceeded');
      end(1);
    }, grace).unref();
    app
      .close()
      .then(parts.lastly)
      .then(
        () => {
          logger.info({ reason }, 'process.stopped');
          end(exitCode);
        },
        (error: unknown) => {
          logger.error({ err: describeError(error) }, 'process.stop-failed');
          end(1);
        },
      );
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      stop(signal, 0);
    });
  return { stop };
}

function openResources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
