import type { Writable } from 'node:stream';
import pg from 'pg';
import { topicNames } from '#contracts';
import { GroupCommitProducer, TopicIdentities, TransientError } from '#kafka';
import { createLogger, explain, readEnvironment, StartError } from '#runtime';
import { joinErasures } from '../erasures/join-erasures.js';
import { installationOf } from '../installation-of.js';
import { ErasureStore } from '../store/erasures.js';
import { requireSchema } from '../store/require-schema.js';
import { sessionSettings } from '../store/session.js';
import { readCommandLine, USAGE, type Command } from './command-line.js';
import { runDeadLetters } from './dead-letters/run.js';
import { erase, eraseStored } from './erase.js';
import { find } from './find/find.js';
import { InterruptedError } from './interruption.js';
import { ledger, type LedgerVerdict } from './ledger.js';
import { LONGEST_STATEMENT, placesOf, type OpsContext } from './ops-context.js';
import { UsageError } from './options.js';
import { Progress, type ProgressStream } from './progress.js';
import { recover } from './recover/recover.js';
import { insist } from './replay.js';
import { replayReceipts } from './replay-receipts/replay-receipts.js';
import { reproject, reprojectStored } from './reproject.js';
import { republish } from './republish.js';
import { verify } from './verify.js';

/** 0: done, or equal. 1: see `incomplete`. 2: it could not be done, or not to the end. */
const EXIT = {
  done: 0,
  /** Nothing was found, verify found differences, receipts are missing or not in Kafka yet, redrive refused letters. */
  incomplete: 1,
  failed: 2,
} as const;
const EXIT_OF: Readonly<Record<LedgerVerdict, number>> = {
  even: EXIT.done,
  missing: EXIT.incomplete,
  unknown: EXIT.failed,
};

/** Sessions: four partitions are replayed at once. */
const CONNECTIONS = 6;
/** A row that another writer holds is tried again, ms. */
const LOCK_TIMEOUT = 2_000;

/** What a command has of the process that it runs in. */
export interface Surroundings {
  /** Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Takes the results. */
  readonly output: Writable;
  /** Takes progress, the log, and what went wrong. */
  readonly errors: Writable & ProgressStream;
  /** Aborted where the command is to end where it can be gone on with; asked for once there is something to stop. */
  readonly stop: () => AbortSignal;
}

/**
 * Runs one command of `npm run ops`.
 * @param args as they are typed behind `npm run ops --`
 * @returns the exit code; why it is 2 has been said
 */
export async function runCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    if (args[0] === 'help' || args.includes('--help')) {
      surroundings.output.write(`${USAGE}\n`);
      return EXIT.done;
    }
    return await run(readCommandLine(args), surroundings);
  } catch (error) {
    surroundings.errors.write(`${sentenceOf(error)}\n`);
    return EXIT.failed;
  }
}

async function run(command: Command, { env, output, errors, stop }: Surroundings): Promise<number> {
  const signal = stop();
  const environment = readEnvironment('tool', env);
  const { kafka, databaseUrl, clientId, topicPrefix, erasureKey } = environment;
  if (kafka.brokers.length === 0) throw new StartError('KAFKA_BROKERS is not set');
  if (databaseUrl === null) throw new StartError('DATABASE_URL is not set');
  if (command.name === 'erase' && erasureKey === null) {
    throw new StartError(
      'ERASURE_KEY is not set: make one (openssl rand -base64 32), keep it, and restart the projectors with it first: without it they write nothing once somebody is erased',
    );
  }
  const logger = createLogger({ name: 'ops', ...environment }, errors);
  await requireSchema(databaseUrl, erasureKey);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: clientId,
    max: CONNECTIONS,
    ...sessionSettings(LONGEST_STATEMENT),
    lock_timeout: LOCK_TIMEOUT,
  });
  pool.on('error', () => undefined);
  const producer = new GroupCommitProducer({ kafka, logger });
  const identities = new TopicIdentities(kafka, logger);
  try {
    const { publishes, makesEvents } = needsOf(command);
    if (publishes) await producer.connect();
    const context: OpsContext = {
      kafka,
      topicPrefix,
      topics: topicNames(topicPrefix),
      identities,
      pool,
      databaseUrl,
      erasures: new ErasureStore(erasureKey),
      publishAll: (records) => producer.publishAll(records),
      installation: command.installation ?? (makesEvents ? await installationOf(kafka, topicPrefix, signal) : ''),
      progress: (what, unit) => new Progress(what, unit, errors),
      output,
      print: (line) => output.write(`${line}\n`),
      signal,
    };
    // Whoever writes rows, or publishes what stands in them, must know of everybody who has been erased.
    if (makesEvents) {
      const { forgotten } = await insist(signal, () => joinErasures(placesOf(context)));
      if (forgotten.length > 0) context.print(`${forgotten.length} erasures were not in this database: run recover`);
    }
    return await execute(command, context, erasureKey);
  } catch (error) {
    if (error instanceof Error) logger.debug({ stack: error.stack }, 'ops.failed');
    throw error;
  } finally {
    await producer.close();
    await identities.close();
    await pool.end();
    logger.flush();
  }
}

/** What a command needs beside the rows: a producer; the installation's name, for events that it makes itself. */
function needsOf(command: Command): { readonly publishes: boolean; readonly makesEvents: boolean } {
  if (command.name === 'find' || command.name === 'verify' || command.name === 'ledger') {
    return { publishes: false, makesEvents: false };
  }
  if (command.name === 'dead-letters') return { publishes: command.command.action === 'redrive', makesEvents: false };
  // Where there is nothing to publish, an empty Kafka need not tell the installation's name.
  if (command.name === 'recover') return { publishes: true, makesEvents: false };
  if (command.name === 'replay') return { publishes: command.replay.to === 'normaliser', makesEvents: false };
  return { publishes: true, makesEvents: true };
}

async function execute(command: Command, context: OpsContext, erasureKey: string | null): Promise<number> {
  switch (command.name) {
    case 'find':
      return (await find(context, command.question)) ? EXIT.done : EXIT.incomplete;
    case 'reproject':
      await reproject(context, command.range);
      return EXIT.done;
    case 'reproject-stored':
      await reprojectStored(context, command.from);
      return EXIT.done;
    case 'verify':
      return (await verify(context, command)) ? EXIT.done : EXIT.incomplete;
    case 'ledger':
      return EXIT_OF[await ledger(context, command.question)];
    case 'republish':
      await republish(context, command.filter, command.rate);
      return EXIT.done;
    case 'erase':
      await erase(context, erasureKey!, { persons: command.persons, until: command.until ?? new Date() });
      return EXIT.done;
    case 'erase-stored':
      await eraseStored(context, command.from);
      return EXIT.done;
    case 'recover':
      return (await recover(context, command.recovery)) ? EXIT.done : EXIT.incomplete;
    case 'dead-letters':
      return (await runDeadLetters(context, command.command)) ? EXIT.done : EXIT.incomplete;
    case 'replay':
      await replayReceipts(context, command.replay);
      return EXIT.done;
  }
}

/** What an operator can do something with, in one line. Where in the code it happened stands in the log, at debug. */
function sentenceOf(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof InterruptedError) return 'stopped before the end';
  const sentence = explain(error);
  if (sentence !== null) return `cannot go on: ${sentence}`;
  if (error instanceof TransientError) return `cannot go on: ${error.message}; try again when that has passed`;
  const [line] = String(error).split('\n');
  return `cannot go on: ${line}; LOG_LEVEL=debug shows where that comes from`;
}
