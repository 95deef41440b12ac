import { Refusal } from './refusal.js';

/** How the command line of the simulator is used. */
export const USAGE = `npm run simulator -- <command> [options]

  serve                     start a simulator by itself, until Ctrl-C
      --port 8081  --host 127.0.0.1  --ingress http://127.0.0.1:8080
  run                       let things happen, and wait until all of it was taken in
      --messages 1000  --rate 500  --seed N
      --doors push=40,queue=30,both=30  --burst every=1000,size=500
      --duplicates S  --disorder S  --poison S  --late S  --contradictions S   (shares, 0 to 1)
      --only SOURCE,SOURCE  --target SOURCE=URL (again for others)
  status                    how the current or last run goes
  truth                     everything that happened in it, one line of JSON each
  queues                    messages of every queue
  faults show | clear       what is set to go wrong, and how often it did
  faults set NAME=VALUE …   lostDeleteShare=0.1 slowMs=200 expireNow=true
  send --queue QUEUE BODY   one message into a queue      --base64  --delay SECONDS
  send --source SOURCE BODY one push, as its vendor does  --target URL
                            BODY may be - for standard input

  --at URL                  the simulator to talk to; default: that of npm start, else http://127.0.0.1:8081
`;

/** Something that was typed and cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options that were given, by name. */
export type Options = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

const NUMBERS = ['messages', 'rate', 'seed', 'duplicates', 'disorder', 'poison', 'late', 'contradictions'] as const;

/** What `run` does unless it is told otherwise; everything else is up to the simulator. */
const RUN_DEFAULTS = { messages: 1_000, rate: 500 };

/**
 * The body of `POST /runs` for the options of `run`. The simulator checks the values.
 * @throws UsageError when they cannot be read
 */
export function runRequest(options: Options): Readonly<Record<string, unknown>> {
  const request: Record<string, unknown> = { ...RUN_DEFAULTS };
  for (const name of NUMBERS) {
    const text = options[name];
    if (typeof text === 'string') request[name] = numberOf(`--${name}`, text);
  }
  for (const name of ['doors', 'burst']) {
    const text = options[name];
    if (typeof text === 'string') request[name] = numbersOf(`--${name}`, text);
  }
  if (typeof options.only === 'string') request.only = options.only.split(',');
  if (Array.isArray(options.target)) {
    request.targets = Object.fromEntries((options.target as string[]).map((text) => pairOf('--target', text)));
  }
  return request;
}

/**
 * The body of `PUT /faults` for `name=value` words. The simulator checks names and values.
 * @throws UsageError when they cannot be read
 */
export function faultsRequest(words: readonly string[]): Readonly<Record<string, unknown>> {
  if (words.length === 0) throw new UsageError('faults set needs NAME=VALUE');
  return Object.fromEntries(
    words.map((word) => {
      const [name, value] = pairOf('faults set', word);
      return [name, valueOf(value)];
    }),
  );
}

/** The pair of `name=value`; the value may hold more `=`. */
export function pairOf(what: string, text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`${what}: ${text} is not NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** @throws UsageError */
export function numberOf(what: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new UsageError(`${what}: ${text} is no number`);
  return value;
}

function numbersOf(what: string, text: string): Record<string, number> {
  const pairs = text.split(',').map((pair) => pairOf(what, pair));
  return Object.fromEntries(pairs.map(([name, value]) => [name, numberOf(`${what} ${name}`, value)]));
}

function valueOf(text: string): string | number | boolean | null {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/**
 * Where the simulator is.
 * @param given the option `--at`
 * @param stackFile the text of the file in which `npm start` says where everything is; null when it does not run
 * @throws Refusal when the address cannot be one
 */
export function simulatorAddress(given: string | undefined, stackFile: string | null): string {
  const stack = stackFile === null ? {} : (JSON.parse(stackFile) as { readonly simulator?: string });
  const address = given ?? stack.simulator ?? 'http://127.0.0.1:8081';
  if (!/^https?:\/\/\S+$/.test(address))
    throw new Refusal(`--at ${address} is not an address such as http://127.0.0.1:8081`);
  return address.replace(/\/+$/, '');
}
