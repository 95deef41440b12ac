/** What one check says now. */
export interface CheckResult {
  readonly healthy: boolean;
  /** For people; nothing personal. */
  readonly detail?: string;
}

/** Answers at once from what is known; it is called for every probe. */
export type HealthCheck = () => CheckResult;

/** All checks together. */
export interface HealthReport {
  readonly healthy: boolean;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/**
 * Whether this process lives, and whether it is ready for work. Ready is: started, not about to stop, and every check
 * well. Alive is: nothing has happened from which only a new process recovers.
 */
export class Health {
  readonly #checks = new Map<string, HealthCheck>();
  #phase: 'starting' | 'running' | 'draining' = 'starting';
  #fatal: string | null = null;

  /** Adds a check to readiness. The same name again replaces it. */
  register(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  /** The process has finished starting. The management module calls it when Nest has bootstrapped. */
  started(): void {
    if (this.#phase === 'starting') this.#phase = 'running';
  }

  /** The process is about to stop: readiness turns red for good. */
  draining(): void {
    this.#phase = 'draining';
  }

  /** Only a new process recovers from this: liveness turns red for good. */
  fatal(reason: string): void {
    this.#fatal ??= reason;
  }

  /** Liveness. */
  live(): HealthReport {
    const alive: CheckResult = this.#fatal === null ? { healthy: true } : { healthy: false, detail: this.#fatal };
    return { healthy: alive.healthy, checks: { process: alive } };
  }

  /** Readiness. */
  ready(): HealthReport {
    const running = this.#phase === 'running' && this.#fatal === null;
    const phase: CheckResult = { healthy: running, detail: this.#fatal ?? this.#phase };
    const results = [...this.#checks].map(([name, check]): readonly [string, CheckResult] => [name, outcome(check)]);
    return {
      healthy: running && results.every(([, result]) => result.healthy),
      checks: { process: phase, ...Object.fromEntries(results) },
    };
  }
}

function outcome(check: HealthCheck): CheckResult {
  try {
    return check();
  } catch {
    return { healthy: false, detail: 'the check itself failed' };
  }
}
