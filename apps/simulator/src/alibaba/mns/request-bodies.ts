import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { MnsError } from './errors.js';
import type { QueueAttributes } from './queue.js';
import { wholeNumber } from './target.js';

/** A message that a client sends. */
export interface MessageToSend {
  readonly body: string;
  readonly delaySeconds?: number;
  readonly priority?: number;
}

/** Most messages or handles of a batch. */
export const MOST_IN_BATCH = 16;

/** What can be set of a queue: the vendor's element, its range. */
const ATTRIBUTES = {
  delaySeconds: ['DelaySeconds', 0, 604_800],
  maximumMessageSize: ['MaximumMessageSize', 1024, 65_536],
  messageRetentionPeriod: ['MessageRetentionPeriod', 60, 604_800],
  visibilityTimeout: ['VisibilityTimeout', 1, 43_200],
  pollingWaitSeconds: ['PollingWaitSeconds', 0, 30],
} as const;

const LISTS = new Set(['Messages.Message', 'ReceiptHandles.ReceiptHandle']);

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  // For numeric references such as `&#13;` too.
  htmlEntities: true,
  isArray: (_name, path) => LISTS.has(String(path)),
});

/**
 * One message, or the messages of a batch.
 * @throws MnsError when it cannot be read or is out of range
 */
export function readMessages(body: Buffer): { readonly isBatch: boolean; readonly messages: readonly MessageToSend[] } {
  const root = parse(body);
  if ('Message' in root) return { isBatch: false, messages: [messageOf(root.Message)] };
  const messages = listOf(root.Messages, 'Message').map(messageOf);
  return { isBatch: true, messages };
}

/** @throws MnsError when it cannot be read or holds none or too many */
export function readReceiptHandles(body: Buffer): readonly string[] {
  return listOf(parse(body).ReceiptHandles, 'ReceiptHandle').map(textOf);
}

/**
 * What a client wants of a queue; only what it names.
 * @throws MnsError when it cannot be read or is out of range
 */
export function readAttributes(body: Buffer): Partial<QueueAttributes> {
  if (body.length === 0) return {};
  const wanted = recordOf(parse(body).Queue);
  const attributes: Partial<QueueAttributes> = {};
  for (const [key, [name, lowest, highest]] of Object.entries(ATTRIBUTES)) {
    const value = wholeNumber(name, wanted[name] === undefined ? undefined : textOf(wanted[name]), lowest, highest);
    if (value !== null) attributes[key as keyof typeof ATTRIBUTES] = value;
  }
  if (wanted.LoggingEnabled !== undefined) attributes.loggingEnabled = textOf(wanted.LoggingEnabled) === 'True';
  return attributes;
}

function parse(body: Buffer): Record<string, unknown> {
  const text = body.toString('utf8');
  // The parser alone reads anything. What takes the validator's place is another package, for this one line.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (XMLValidator.validate(text) !== true) throw new MnsError('MalformedXML');
  return recordOf(parser.parse(text));
}

function messageOf(element: unknown): MessageToSend {
  const message = recordOf(element);
  if (message.MessageBody === undefined) throw new MnsError('InvalidArgument');
  const number = (name: string, lowest: number, highest: number): number | null =>
    wholeNumber(name, message[name] === undefined ? undefined : textOf(message[name]), lowest, highest);
  const delaySeconds = number('DelaySeconds', 0, 604_800);
  const priority = number('Priority', 1, 16);
  return {
    body: textOf(message.MessageBody),
    ...(delaySeconds === null ? {} : { delaySeconds }),
    ...(priority === null ? {} : { priority }),
  };
}

function listOf(element: unknown, name: string): readonly unknown[] {
  const list = recordOf(element)[name];
  if (!Array.isArray(list) || list.length > MOST_IN_BATCH) throw new MnsError('InvalidArgument');
  return list as unknown[];
}

function recordOf(element: unknown): Record<string, unknown> {
  if (typeof element === 'string' && element.trim() === '') return {};
  if (typeof element !== 'object' || element === null) throw new MnsError('InvalidArgument');
  return element as Record<string, unknown>;
}

function textOf(element: unknown): string {
  if (typeof element !== 'string') throw new MnsError('InvalidArgument');
  return element;
}
