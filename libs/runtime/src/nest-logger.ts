import type { LoggerService } from '@nestjs/common';
import { describeError } from './logging.js';
import type { Logger } from './logging.js';

/** These log what they then throw; `startOrExplain` says it in a sentence. */
const THROWS_AS_WELL = new Set<unknown>(['NestApplication', 'ExceptionHandler']);

/** Lets Nest's own lines go through the logger of the process; its start-up chatter is debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.write('debug', message, rest);
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.write(THROWS_AS_WELL.has(rest.at(-1)) ? 'debug' : 'error', message, rest);
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest hands over the context last, and for errors a stack before it. */
  private write(
    level: 'debug' | 'error' | 'warn' | 'trace' | 'fatal',
    message: unknown,
    rest: readonly unknown[],
  ): void {
    const context = rest.at(-1);
    const fields = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(message instanceof Error ? { err: describeError(message) } : { detail: String(message) }),
    };
    this.logger[level](fields, 'nest');
  }
}
