import { createRequire } from 'node:module';
import { pino } from 'pino';
import type { DestinationStream, Logger, LoggerOptions } from 'pino';
import type { LogLevel } from './environment-shape.js';
import { LineBudget } from './line-budget.js';
import { patientOutput } from './log-destination.js';

export type { Logger };

/** What a logger is made from; an `Environment` has the fields. */
export interface LogSettings {
  /** The process: `ingress`. */
  readonly name: string;
  readonly logLevel: LogLevel;
  /** Null: pretty on a terminal, else JSON. */
  readonly logFormat: 'json' | 'pretty' | null;
}

const SECRET_NAMES = [
  'token',
  'tokens',
  'secret',
  'secretKey',
  'accessKeySecret',
  'authorization',
  'password',
  'databaseUrl',
  'identityNamespace',
  'erasureKey',
  'securityToken',
];
/** How deep secrets are looked for in what is logged. */
const REDACTED_PATHS = ['', '*.', '*.*.', '*.*.*.'].flatMap((above) => SECRET_NAMES.map((name) => above + name));

/** What says how many lines were left out, in place of them. */
const HELD_BACK = 'log.lines-held-back';
/** pino's number of this level; `trace` is below. */
const DEBUG = 20;

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-/;

/** SQLSTATE classes 22 and 23: Postgres quotes the refused value, which may be somebody's number or text. */
const QUOTES_VALUES = /^2[23][0-9A-Z]{3}$/;

/**
 * Makes the logger of a process. Lines are named like `receipt.accepted`; docs/logging.md lists them. Whatever goes wrong
 * how often, a message has ten lines a second; only `debug` and `trace`, which somebody asked for, are not bounded. Who
 * ends the process calls `flush` first: it tells what was left out since it was told last.
 * @param destination where lines go; standard output if left out
 */
export function createLogger(settings: LogSettings, destination?: DestinationStream): Logger {
  const budget = new LineBudget((of, lines) => {
    logger.warn({ of, lines }, HELD_BACK);
  });
  const options: LoggerOptions = {
    name: settings.name,
    level: settings.logLevel,
    base: { name: settings.name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    serializers: { err: describeError, error: describeError },
    hooks: {
      logMethod(line, write, level) {
        const [first, second] = line as readonly unknown[];
        const message = typeof first === 'string' ? first : String(second);
        if (level <= DEBUG || message === HELD_BACK || budget.admits(message)) write.apply(this, line);
      },
    },
  };
  const wantsPretty = settings.logFormat === 'pretty' || (settings.logFormat === null && process.stdout.isTTY);
  const output = destination ?? (wantsPretty ? prettyStream() : undefined) ?? patientOutput() ?? pino.destination(1);
  const stream = {
    write: (line: string) => {
      output.write(line);
    },
    // Nobody will be there any more when the window is over.
    flush: () => {
      budget.endWindow();
    },
  };
  const logger = pino(options, stream);
  return logger;
}

/** The trace that a record belongs to, as a field of its lines; none where nobody traces it. */
export function traceFields(traceparent: string | Buffer | undefined): { readonly trace_id?: string } {
  const [, traceId] = TRACEPARENT.exec(String(traceparent)) ?? [];
  return traceId === undefined ? {} : { trace_id: traceId };
}

/** An error as it may be logged: what it is and where, without fields that quote the data that caused it. */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as { readonly code?: unknown };
  const quotes = typeof code === 'string' && QUOTES_VALUES.test(code);
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: quotes ? 'the database refused a value' : error.message,
    stack: frames.join('\n'),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** pino-pretty is a development dependency: where it is missing, lines stay JSON. */
function prettyStream(): DestinationStream | undefined {
  try {
    const pretty = createRequire(import.meta.url)('pino-pretty') as (options: object) => DestinationStream;
    return pretty({ sync: true, ignore: 'pid,hostname', messageKey: 'msg' });
  } catch {
    return undefined;
  }
}
