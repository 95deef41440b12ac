import 'reflect-metadata';
import { PROVIDERS } from '#providers';
import {
  ConfigurationError,
  EnvironmentError,
  explain,
  loadConfiguration,
  processEnvironment,
  readEnvironment,
  StartError,
} from '#runtime';
import { CHECK_USAGE, readCheckRequest, UsageError } from './command-line.js';
import { checkSources } from './check-sources.js';

/** 0: nothing is wrong. 1: something is. 2: it could not be looked. */
const EXIT = { right: 0, wrong: 1, failed: 2 } as const;

async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(`${CHECK_USAGE}\n`);
    return EXIT.right;
  }
  const request = readCheckRequest(args);
  const environment = readEnvironment('tool');
  if (request.canary && environment.kafka.brokers.length === 0)
    throw new StartError('KAFKA_BROKERS is not set: a canary is looked for there');
  const configuration = loadConfiguration(environment.configurationFile, processEnvironment(), PROVIDERS);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  return (await checkSources({ configuration, environment, print }, request)) ? EXIT.right : EXIT.wrong;
}

function sentenceOf(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof ConfigurationError || error instanceof EnvironmentError) return error.message;
  return `cannot go on: ${explain(error) ?? (error instanceof Error ? error.name : 'unknown error')}`;
}

let code: number = EXIT.failed;
try {
  code = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
}
// A client that still waits for something of its own must not keep us. What was printed has to be out, through a pipe too.
process.stdout.write('', () => process.exit(code));
