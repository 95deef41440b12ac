import type { MnsError } from './errors.js';
import { textOf } from './errors.js';
import type { ReceivedMessage } from './message.js';
import type { HandleProblem, Queue } from './queue.js';

/** The namespace of everything that is sent and answered. */
export const NAMESPACE = 'http://mns.aliyuncs.com/doc/v1/';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const ROOT = ` xmlns="${NAMESPACE}"`;

/** An element of texts only: names and values in their order. */
type Fields = readonly (readonly [name: string, value: string | number])[];

/** What was received or peeked at, alone. */
export function messageXml(message: ReceivedMessage): string {
  return `${DECLARATION}${element('Message', fieldsOf(message), '', ROOT)}`;
}

/** What was received or peeked at in a batch. */
export function messagesXml(messages: readonly ReceivedMessage[]): string {
  return list(
    'Messages',
    messages.map((message) => element('Message', fieldsOf(message), '  ')),
  );
}

/** What was sent. The vendor writes it on one line. */
export function sentXml(sent: Sent): string {
  return `${DECLARATION}<Message${ROOT}>${sentFields(sent)}</Message>`;
}

/** What was sent in a batch. */
export function allSentXml(all: readonly Sent[]): string {
  const messages = all.map((sent) => `<Message>${sentFields(sent)}</Message>`).join('');
  return `${DECLARATION}<Messages${ROOT}>${messages}</Messages>`;
}

/** What the sender of a message is told. */
export interface Sent {
  readonly messageId: string;
  readonly bodyMd5: string;
}

/** The handle that is good now, and until when. */
export function changeVisibilityXml(changed: {
  readonly receiptHandle: string;
  readonly nextVisibleTime: number;
}): string {
  const fields: Fields = [
    ['ReceiptHandle', changed.receiptHandle],
    ['NextVisibleTime', changed.nextVisibleTime],
  ];
  return `${DECLARATION}${element('ChangeVisibility', fields, '', ROOT)}`;
}

/** Which handles of a batch were not good. */
export function handleProblemsXml(problems: readonly (readonly [handle: string, problem: HandleProblem])[]): string {
  return list(
    'Errors',
    problems.map(([handle, problem]) =>
      element(
        'Error',
        [
          ['ErrorCode', problem],
          ['ErrorMessage', textOf(problem)],
          ['ReceiptHandle', handle],
        ],
        '  ',
      ),
    ),
  );
}

/** @param hostId the address that was asked, as `http://host` */
export function errorXml(error: MnsError, requestId: string, hostId: string): string {
  const fields: Fields = [
    ['Code', error.code],
    ['Message', error.message],
    ['RequestId', requestId],
    ['HostId', hostId],
  ];
  return `${DECLARATION}${element('Error', fields, '', ROOT)}`;
}

/** The attributes of a queue. */
export function queueXml(queue: Queue): string {
  return `${DECLARATION}${element('Queue', queueFields(queue), '', ROOT)}`;
}

/**
 * A page of queues.
 * @param addressOf the address of a queue
 * @param marker of the next page; null on the last
 */
export function queuesXml(
  queues: readonly Queue[],
  addressOf: (queue: Queue) => string,
  withAttributes: boolean,
  marker: string | null,
): string {
  const items = queues.map((queue) =>
    element('Queue', [['QueueURL', addressOf(queue)], ...(withAttributes ? queueFields(queue) : [])], '  '),
  );
  return list('Queues', marker === null ? items : [...items, `  <NextMarker>${escaped(marker)}</NextMarker>`]);
}

function fieldsOf(message: ReceivedMessage): Fields {
  const { receiptHandle, nextVisibleTime } = message;
  return [
    ['MessageId', message.messageId],
    ...(receiptHandle === null ? [] : [['ReceiptHandle', receiptHandle] as const]),
    ['MessageBody', message.body],
    ['MessageBodyMD5', message.bodyMd5],
    ['EnqueueTime', message.enqueueTime],
    ...(nextVisibleTime === null ? [] : [['NextVisibleTime', nextVisibleTime] as const]),
    ['FirstDequeueTime', message.firstDequeueTime],
    ['DequeueCount', message.dequeueCount],
    ['Priority', message.priority],
  ];
}

function sentFields({ messageId, bodyMd5 }: Sent): string {
  return `<MessageId>${messageId}</MessageId><MessageBodyMD5>${bodyMd5}</MessageBodyMD5>`;
}

function queueFields(queue: Queue): Fields {
  const { attributes } = queue;
  const counts = queue.counts();
  return [
    ['QueueName', queue.name],
    // Seconds here, unlike everywhere else.
    ['CreateTime', Math.floor(queue.createTime / 1000)],
    ['LastModifyTime', Math.floor(queue.lastModifyTime / 1000)],
    ['VisibilityTimeout', attributes.visibilityTimeout],
    ['MaximumMessageSize', attributes.maximumMessageSize],
    ['MessageRetentionPeriod', attributes.messageRetentionPeriod],
    ['DelaySeconds', attributes.delaySeconds],
    ['PollingWaitSeconds', attributes.pollingWaitSeconds],
    ['ActiveMessages', counts.active],
    ['InactiveMessages', counts.inactive],
    ['DelayMessages', counts.delayed],
    ['LoggingEnabled', attributes.loggingEnabled ? 'True' : 'False'],
  ];
}

function element(name: string, fields: Fields, indent: string, attributes = ''): string {
  const lines = fields.map(([field, value]) => `${indent}  <${field}>${escaped(value)}</${field}>\n`);
  return `${indent}<${name}${attributes}>\n${lines.join('')}${indent}</${name}>`;
}

function list(name: string, items: readonly string[]): string {
  return `${DECLARATION}<${name}${ROOT}>\n${items.map((item) => `${item}\n`).join('')}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** A parser would read a bare carriage return as a line feed. */
function escaped(value: string | number): string {
  return typeof value === 'number' ? String(value) : value.replaceAll(/[&<>\r]/g, (mark) => ESCAPES[mark] ?? mark);
}
