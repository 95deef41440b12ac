import { allSentXml, changeVisibilityXml, handleProblemsXml, messagesXml, messageXml } from './answers.js';
import { queuesXml, queueXml, sentXml } from './answers.js';
import type { Caller } from './authorise.js';
import { authorise, isVendorQueue } from './authorise.js';
import { MnsError } from './errors.js';
import { bodyMd5 } from './message.js';
import type { HandleProblem, Queue } from './queue.js';
import type { Queues } from './queues.js';
import { MOST_IN_BATCH, readAttributes, readMessages, readReceiptHandles } from './request-bodies.js';
import type { Target } from './target.js';
import { wholeNumber } from './target.js';

/** A request whose caller is known. */
export interface QueueRequest {
  readonly method: string;
  readonly target: Target;
  /** By lower-case name. */
  readonly header: (name: string) => string;
  readonly body: Buffer;
  readonly caller: Caller;
  /** Address that was asked: `http://host`. */
  readonly origin: string;
  /** Aborted when the client has gone. */
  readonly client: AbortSignal;
}

/** What a request is answered. */
export interface QueueAnswer {
  readonly status: number;
  readonly xml: string | null;
  readonly location?: string;
  /** How many messages were taken for it. */
  readonly received?: number;
}

/** Longest wait that a client may ask for, seconds. */
const LONGEST_WAIT = 30;
const LONGEST_VISIBILITY = 43_200;
const MOST_LISTED = 1_000;

/**
 * Does what a request asks for.
 * @throws MnsError when it cannot be done
 */
export async function perform(request: QueueRequest, queues: Queues): Promise<QueueAnswer> {
  const { method, target } = request;
  if (target.queue === null) {
    if (method !== 'GET') throw new MnsError('InvalidRequestURL');
    return listQueues(request, queues);
  }
  if (!target.isAboutMessages) return manage(request, target.queue, queues);
  switch (method) {
    case 'GET':
      return receive(request, known(request, 'consume', queues), queues);
    case 'POST':
      return send(request, known(request, 'send', queues), queues);
    case 'PUT':
      return changeVisibility(request, known(request, 'consume', queues));
    case 'DELETE':
      return remove(request, known(request, 'consume', queues), queues);
    default:
      throw new MnsError('InvalidRequestURL');
  }
}

function known(request: QueueRequest, operation: 'consume' | 'look' | 'send' | 'manage', queues: Queues): Queue {
  const name = request.target.queue!;
  authorise(request.caller, operation, name);
  const queue = queues.find(name);
  if (queue === null) throw new MnsError('QueueNotExist');
  return queue;
}

async function receive({ target, client }: QueueRequest, queue: Queue, queues: Queues): Promise<QueueAnswer> {
  const { parameters } = target;
  const most = wholeNumber('numOfMessages', parameters.get('numofmessages'), 1, MOST_IN_BATCH);
  const isPeek = parameters.get('peekonly')?.toLowerCase() === 'true';
  const wait = wholeNumber('waitseconds', parameters.get('waitseconds'), 0, LONGEST_WAIT);
  const messages = isPeek
    ? queue.peek(most ?? 1)
    : await queues.receive(queue, most ?? 1, (wait ?? queue.attributes.pollingWaitSeconds) * 1000, client);
  const [first] = messages;
  if (first === undefined) throw new MnsError('MessageNotExist');
  const xml = most === null ? messageXml(first) : messagesXml(messages);
  return { status: 200, xml, received: isPeek ? 0 : messages.length };
}

function send({ body }: QueueRequest, queue: Queue, queues: Queues): QueueAnswer {
  const { isBatch, messages } = readMessages(body);
  const most = queue.attributes.maximumMessageSize;
  if (messages.some((message) => Buffer.byteLength(message.body) > most)) {
    throw new MnsError('InvalidArgument', `The value of MessageBody should between 1 and ${most} seconds/bytes.`);
  }
  const sent = messages.map(({ body: text, ...options }) => ({
    messageId: queues.enqueue(queue, text, options),
    bodyMd5: bodyMd5(text),
  }));
  return { status: 201, xml: isBatch ? allSentXml(sent) : sentXml(sent[0]!) };
}

function changeVisibility({ target: { parameters } }: QueueRequest, queue: Queue): QueueAnswer {
  const handle = parameters.get('receipthandle') ?? '';
  if (handle === '') throw new MnsError('MissingReceiptHandle');
  const seconds = wholeNumber('VisibilityTimeout', parameters.get('visibilitytimeout'), 1, LONGEST_VISIBILITY);
  if (seconds === null) throw new MnsError('MissingVisibilityTimeout');
  const changed = queue.changeVisibility(handle, seconds);
  if (typeof changed === 'string') throw new MnsError(changed);
  return { status: 200, xml: changeVisibilityXml(changed) };
}

function remove({ target: { parameters }, body }: QueueRequest, queue: Queue, queues: Queues): QueueAnswer {
  const handle = parameters.get('receipthandle');
  if (handle !== undefined && handle !== '') {
    const problem = queues.delete(queue, handle);
    if (problem !== null) throw new MnsError(problem);
    return { status: 204, xml: null };
  }
  if (body.length === 0) throw new MnsError('MissingReceiptHandle');
  const problems = readReceiptHandles(body)
    .map((one): readonly [string, HandleProblem | null] => [one, queues.delete(queue, one)])
    .filter((pair): pair is [string, HandleProblem] => pair[1] !== null);
  return problems.length === 0 ? { status: 204, xml: null } : { status: 404, xml: handleProblemsXml(problems) };
}

function manage(request: QueueRequest, name: string, queues: Queues): QueueAnswer {
  const { method, target, body, origin } = request;
  if (method === 'GET') return { status: 200, xml: queueXml(known(request, 'look', queues)) };
  if (method === 'DELETE') {
    authorise(request.caller, 'manage', name);
    queues.drop(name);
    return { status: 204, xml: null };
  }
  if (method !== 'PUT') throw new MnsError('InvalidRequestURL');
  if (target.parameters.get('metaoverride')?.toLowerCase() === 'true') {
    const queue = known(request, 'manage', queues);
    Object.assign(queue.attributes, readAttributes(body));
    queue.lastModifyTime = Date.now();
    return { status: 204, xml: null };
  }
  authorise(request.caller, 'manage', name);
  const wanted = readAttributes(body);
  const location = addressOf(origin, name);
  const existing = queues.find(name);
  if (existing === null) {
    Object.assign(queues.declare(name).attributes, wanted);
    return { status: 201, xml: null, location };
  }
  // Creating the same again does nothing.
  const isSame = Object.entries(wanted).every(([key, value]) => existing.attributes[key as 'delaySeconds'] === value);
  if (!isSame) throw new MnsError('QueueAlreadyExist');
  return { status: 204, xml: null, location };
}

function listQueues({ caller, header, origin }: QueueRequest, queues: Queues): QueueAnswer {
  authorise(caller, 'look', null);
  const most = wholeNumber('x-mns-ret-number', header('x-mns-ret-number'), 1, MOST_LISTED) ?? MOST_LISTED;
  const [prefix, marker] = [header('x-mns-prefix'), header('x-mns-marker')];
  // The marker is the first name of its page.
  const names = queues.names().filter((name) => !isVendorQueue(name) && name.startsWith(prefix) && name >= marker);
  const page = names.slice(0, most).map((name) => queues.find(name)!);
  const withAttributes = header('x-mns-with-meta').toLowerCase() === 'true';
  const xml = queuesXml(page, ({ name }) => addressOf(origin, name), withAttributes, names[most] ?? null);
  return { status: 200, xml };
}

function addressOf(origin: string, name: string): string {
  return `${origin}/queues/${name}`;
}
