/** What a person sees while a command works. */
export interface Console {
  /** A line that stays. */
  say(text: string): void;
  /** How things stand now: rewritten in place in a terminal, else a line every few seconds. */
  status(text: string): void;
}

const BETWEEN_LINES = 3_000;

/** Writes to standard output. */
export function createConsole(): Console {
  const isTerminal = process.stdout.isTTY;
  let isStatusShown = false;
  let lastLine = 0;
  return {
    say: (text) => {
      process.stdout.write(`${isStatusShown ? '\r\x1b[2K' : ''}${text}\n`);
      isStatusShown = false;
    },
    status: (text) => {
      if (isTerminal) {
        // A line longer than the terminal would wrap, and could not be taken back.
        process.stdout.write(`\r\x1b[2K${text.slice(0, (process.stdout.columns || 80) - 1)}`);
        isStatusShown = true;
      } else if (Date.now() - lastLine >= BETWEEN_LINES) {
        lastLine = Date.now();
        process.stdout.write(`${text}\n`);
      }
    },
  };
}

/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
