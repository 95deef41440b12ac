/** A logger for clients whose chatter no test looks at. */
export const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Does nothing. */
export function ignore(): void {
  // Nothing to say.
}
