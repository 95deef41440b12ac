import { fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { DestinationStream } from 'pino';

/** What may wait for whoever reads our lines, bytes. A minute of an ordinary log, and little beside everything else. */
const MOST_WAITING = 1024 * 1024;

/**
 * Where lines go whose reader may be slow, hang or be gone: a pipe or a socket, as containers and service managers give
 * us. Whoever writes to one until it takes what he has stands still with it, receipts, health and the answer to SIGTERM
 * included. So what the reader does not take waits, up to a bound, and then lines are lost, not receipts.
 */
export class PatientDestination implements DestinationStream {
  #dropped = 0;
  #isGone = false;

  /** @param stream takes what it can and keeps the rest: standard output where it is a pipe or a socket */
  constructor(
    private readonly stream: Writable,
    private readonly mostWaiting = MOST_WAITING,
  ) {
    // A reader that has closed its end does not come back. Its going is no reason for ours.
    stream.on('error', () => {
      this.#isGone = true;
    });
  }

  write(line: string): void {
    if (this.#isGone) return;
    if (this.stream.writableLength > this.mostWaiting) {
      this.#dropped += 1;
      return;
    }
    if (this.#dropped > 0) {
      this.stream.write(droppedLine(this.#dropped));
      this.#dropped = 0;
    }
    this.stream.write(line);
  }
}

/** For standard output where it is a pipe or a socket; undefined for files and terminals, which keep nobody waiting. */
export function patientOutput(): DestinationStream | undefined {
  const { fd } = process.stdout;
  const output = fstatSync(fd);
  return output.isFIFO() || output.isSocket() ? new PatientDestination(process.stdout) : undefined;
}

function droppedLine(lines: number): string {
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), pid: process.pid, lines, msg: 'log.lines-dropped' })}\n`;
}
