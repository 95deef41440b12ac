import { MnsError } from './errors.js';

/** What the line of a request asks for. */
export interface Target {
  /** Null: the list of queues. */
  readonly queue: string | null;
  /** Whether it is about the messages of the queue. */
  readonly isAboutMessages: boolean;
  /** By lower-case name: pages and clients of the vendor differ in the case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Path and query of what a proxy or an old client sends as `http://host/path`; anything else as it is. */
export function withoutOrigin(target: string): string {
  const rest = /^https?:\/\/[^/?]*(.*)$/i.exec(target)?.[1];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

const PATH = /^\/queues(?:\/([^/]+)(\/messages)?)?\/?$/;
const QUEUE_NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
const LONGEST_NAME = 256;

/**
 * Reads path and query as they came. A `+` stays one: handles are Base64, and not every client escapes them.
 * @throws MnsError when there is nothing at this path, or it cannot be read
 */
export function readTarget(target: string): Target {
  const mark = target.indexOf('?');
  const path = PATH.exec(mark < 0 ? target : target.slice(0, mark));
  if (path === null) throw new MnsError('InvalidRequestURL');
  const queue = path[1] === undefined ? null : decoded(path[1]);
  if (queue !== null && queue.length > LONGEST_NAME) throw new MnsError('QueueNameLengthError');
  if (queue !== null && !QUEUE_NAME.test(queue)) throw new MnsError('InvalidQueueName');
  const parameters = new Map<string, string>();
  for (const pair of mark < 0 ? [] : target.slice(mark + 1).split('&')) {
    if (pair === '') continue;
    const [name = '', ...value] = pair.split('=');
    parameters.set(decoded(name).toLowerCase(), decoded(value.join('=')));
  }
  return { queue, isAboutMessages: path[2] !== undefined, parameters };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new MnsError('InvalidQueryString');
  }
}

/**
 * A parameter or element that must be a whole number.
 * @returns null when it is missing or empty
 * @throws MnsError InvalidArgument
 */
export function wholeNumber(name: string, text: string | undefined, lowest: number, highest: number): number | null {
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < lowest || value > highest) {
    throw new MnsError(
      'InvalidArgument',
      `The value of ${name} should between ${lowest} and ${highest} seconds/bytes.`,
    );
  }
  return value;
}
