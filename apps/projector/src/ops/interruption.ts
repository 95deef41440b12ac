/** Somebody stopped the command. What was done stays done. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor() {
    super('interrupted');
  }
}

/** How close together two Ctrl-C are one: a terminal sends it to us, and npm passes it on again. ms */
const SAME_SIGNAL = 1_000;

/**
 * A signal that is aborted by Ctrl-C and its like, so that work ends where it can be gone on with. Asked twice, the
 * process ends at once.
 */
export function stopOnSignals(): AbortSignal {
  const stopping = new AbortController();
  let asked = 0;
  const stop = (): void => {
    const now = Date.now();
    if (stopping.signal.aborted && now - asked > SAME_SIGNAL) process.exit(2);
    asked = now;
    stopping.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // Whoever read our output has gone.
  process.stdout.on('error', stop);
  process.stderr.on('error', stop);
  return stopping.signal;
}

/** @throws InterruptedError once the signal is aborted */
export function goOnUnless(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError();
}
