import { existsSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { count } from './console.js';
import { STACK_FILE } from './places.js';
import { Refusal } from './refusal.js';
import type { Options } from './simulator-arguments.js';
import { faultsRequest, numberOf, runRequest, simulatorAddress, USAGE, UsageError } from './simulator-arguments.js';
import type { SimulatorControl } from './simulator-control.js';
import { controlOf } from './simulator-control.js';
import { runAndWatch } from './simulator-run.js';
import { serve } from './simulator-serve.js';

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;

/** Options of each command, beside `--at`. */
const OPTIONS = {
  serve: { port: TEXT, host: TEXT, ingress: TEXT },
  run: {
    messages: TEXT,
    rate: TEXT,
    seed: TEXT,
    doors: TEXT,
    burst: TEXT,
    duplicates: TEXT,
    disorder: TEXT,
    poison: TEXT,
    late: TEXT,
    contradictions: TEXT,
    only: TEXT,
    target: { type: 'string', multiple: true },
  },
  status: {},
  truth: {},
  queues: {},
  faults: {},
  send: { queue: TEXT, source: TEXT, base64: FLAG, delay: TEXT, target: TEXT },
} as const;

type Command = keyof typeof OPTIONS;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main([command = '', ...words]: readonly string[]): Promise<number> {
  if (['help', '--help', '-h'].includes(command)) {
    console.log(USAGE);
    return 0;
  }
  if (!isCommand(command))
    throw new UsageError(command === '' ? 'What is to be done?' : `There is no command ${command}.`);
  const { options, rest } = parse(command, words);
  if (command === 'serve') {
    return serve({
      host: one(options.host) ?? '127.0.0.1',
      port: numberOf('--port', one(options.port) ?? '8081'),
      ingress: one(options.ingress) ?? null,
    });
  }
  const stackFile = existsSync(STACK_FILE) ? readFileSync(STACK_FILE, 'utf8') : null;
  const control = controlOf(simulatorAddress(one(options.at), stackFile));
  switch (command) {
    case 'run':
      return runAndWatch(control, runRequest(options));
    case 'status':
      return show(await control.get('/runs/current'));
    case 'truth':
      return print(await control.stream('/runs/current/truth'));
    case 'queues':
      return showQueues(await control.get('/queue-counts'));
    case 'faults':
      return faults(control, rest);
    case 'send':
      return send(control, options, rest);
  }
}

function isCommand(command: string): command is Command {
  return Object.hasOwn(OPTIONS, command);
}

function parse(
  command: Command,
  words: readonly string[],
): { readonly options: Options; readonly rest: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { ...OPTIONS[command], at: TEXT },
      allowPositionals: command === 'faults' || command === 'send',
    });
    return { options: values as Options, rest: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function faults(control: SimulatorControl, [what = 'show', ...words]: readonly string[]): Promise<number> {
  if (what === 'show') return show(await control.get('/faults'));
  if (what === 'clear') return show(await control.change('DELETE', '/faults'));
  if (what === 'set') return show(await control.change('PUT', '/faults', faultsRequest(words)));
  throw new UsageError(`faults ${what}?`);
}

async function send(control: SimulatorControl, options: Options, words: readonly string[]): Promise<number> {
  const [word] = words;
  if (word === undefined || words.length > 1) throw new UsageError('send needs one BODY, or - for standard input');
  const body = word === '-' ? await text(process.stdin) : word;
  const [queue, source] = [one(options.queue), one(options.source)];
  if ((queue === undefined) === (source === undefined)) throw new UsageError('send needs --queue or --source');
  if (queue !== undefined) {
    const content = options.base64 === true ? Buffer.from(body, 'utf8').toString('base64') : body;
    const delay = one(options.delay);
    const more = delay === undefined ? {} : { delaySeconds: numberOf('--delay', delay) };
    return show(await control.change('POST', '/queue-messages', { queue, body: content, ...more }));
  }
  const target = one(options.target);
  const request = { source, body, ...(target === undefined ? {} : { target }) };
  const answer = await control.change<{ readonly accepted: boolean }>('POST', '/pushes', request);
  show(answer);
  return answer.accepted ? 0 : 1;
}

function showQueues(queues: Readonly<Record<string, Readonly<Record<string, number>>>>): number {
  const places = Object.keys(Object.values(queues)[0] ?? {});
  const width = Math.max(...Object.keys(queues).map((queue) => queue.length), 0);
  console.log(['queue'.padEnd(width), ...places.map((place) => place.padStart(9))].join(' '));
  for (const [queue, counts] of Object.entries(queues)) {
    console.log([queue.padEnd(width), ...places.map((place) => count(counts[place] ?? 0).padStart(9))].join(' '));
  }
  return 0;
}

async function print(lines: Readable): Promise<number> {
  try {
    await pipeline(lines, process.stdout, { end: false });
  } catch (error) {
    // Whoever reads has seen enough: `| head`.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
  return 0;
}

function show(answer: unknown): number {
  console.log(JSON.stringify(answer, null, 2));
  return 0;
}

function one(value: Options[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
