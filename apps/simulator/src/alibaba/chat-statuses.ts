import type { PlannedMessage } from '../plan/batches.js';
import type { Fact } from '../plan/facts.js';
import type { Said } from '../plan/message-truth.js';
import type { RunContext } from '../plan/part.js';
import { pickWeighted, shuffled } from '../plan/random.js';
import { timingOf } from '../plan/timing.js';
import type { LossReason, MessageStatus } from '../plan/truth.js';
import type { ChatApp } from './chat-senders.js';
import { businessScopedId, CHAT_SENDERS, chatPerson, hasNumbers } from './chat-senders.js';
import { chatMessageId } from './ids.js';

/** An element of a ChatAppStatus push (https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappstatus-1). */
export type ChatStatus = Readonly<Record<string, string | number>>;

type Word = 'Sent' | 'Delivered' | 'Read' | 'Failed';

const STATUSES: Readonly<Record<Word, MessageStatus>> = {
  Sent: 'sent',
  Delivered: 'delivered',
  Read: 'read',
  Failed: 'failed',
};

const PATHS: readonly { readonly weight: number; readonly words: readonly Word[] }[] = [
  { weight: 40, words: ['Sent', 'Delivered', 'Read'] },
  { weight: 25, words: ['Sent', 'Delivered'] },
  // Nobody promises that a read message was reported as delivered.
  { weight: 8, words: ['Sent', 'Read'] },
  { weight: 12, words: ['Sent', 'Failed'] },
  { weight: 7, words: ['Failed'] },
  { weight: 8, words: ['Sent'] },
];

/** Paths that cannot be true, and are reported all the same. */
const CONTRADICTIONS: readonly (readonly Word[])[] = [
  ['Sent', 'Delivered', 'Failed'],
  ['Failed', 'Delivered'],
  ['Sent', 'Failed', 'Read'],
];

/** Code and text as the app gives them; the first is that of the vendor's sample. */
const ERRORS: readonly { readonly code: string; readonly text: string; readonly reason: LossReason }[] = [
  { code: '131026', text: 'Receiver is incapable of receiving this message', reason: 'number' },
  { code: '131047', text: 'Re-engagement message', reason: 'unknown' },
];

type ChatError = (typeof ERRORS)[number];

const APPS: readonly { readonly weight: number; readonly app: ChatApp }[] = [
  { weight: 70, app: 'whatsapp' },
  { weight: 18, app: 'viber' },
  { weight: 6, app: 'messenger' },
  { weight: 6, app: 'instagram' },
];

const SECOND = 1000;

/** Messages on chat apps with their statuses; those of one message in seven come in any order. */
export function planChatStatuses(context: RunContext, count: number): PlannedMessage<ChatStatus>[] {
  const { random, tag, shape } = context;
  return Array.from({ length: count }, (_, index) => {
    const { app } = pickWeighted(random, APPS);
    const words = random.chance(shape.contradictions) ? random.pick(CONTRADICTIONS) : pickWeighted(random, PATHS).words;
    const message = messageOf(app, tag, index, random.between(0, 9_999));
    const { at, sentAt } = timingOf(context, (0.7 * index) / count);
    const form = { isOldest: app === 'whatsapp' && random.chance(0.1), error: random.pick(ERRORS) };
    const pace = random.between(1, 9) * SECOND;
    const told = words.map((word, step) => reportOf(word, sentAt + step * pace, message, form));
    const inOrder = random.chance(0.15) ? shuffled(random, told) : told;
    const reports = inOrder.map((fact, step) => ({ ...fact, at: Math.min(1, at + 0.1 * step) }));
    return {
      about: { provider: 'alibaba', channel: app, messageId: message.id, sender: CHAT_SENDERS[app] },
      reports,
    };
  });
}

interface ChatMessage {
  readonly id: string;
  readonly reference: string;
  /** As the truth has it. */
  readonly recipient: string;
  readonly addresses: ChatStatus;
  /** What only some messages have. */
  readonly details: ChatStatus;
}

function messageOf(app: ChatApp, tag: string, index: number, person: number): ChatMessage {
  const id = chatMessageId(tag, 'message', index);
  const reference = index % 3 === 0 ? `task-${tag}-${index}` : id;
  const from = CHAT_SENDERS[app];
  // Some people of WhatsApp are known by an id only.
  const isKnownById = app === 'whatsapp' && person % 20 === 0;
  const address = isKnownById ? businessScopedId(person) : chatPerson(app, person);
  return {
    id,
    reference,
    recipient: hasNumbers(app) && !isKnownById ? `+${address}` : address,
    addresses: { From: from, ...(isKnownById ? { FromUserId: address } : { To: address }) },
    details:
      app === 'whatsapp'
        ? {
            MsgFrameType: 'template',
            OriginPhoneNumber: from,
            TemplateCode: '820000000000000001',
            Type: 'TEMPLATE',
            Language: 'en',
            TemplateName: 'otp_v1',
            ConversationId: 'c0ffee01',
            ConversationType: 'utility',
          }
        : { MsgFrameType: 'message', Type: 'none' },
  };
}

interface Form {
  /** Lower case, a time as text, `Error`: as the first generation writes it. */
  readonly isOldest: boolean;
  readonly error: ChatError;
}

function reportOf(
  word: Word,
  at: number,
  { id, reference, recipient, addresses, details }: ChatMessage,
  { isOldest, error }: Form,
): Omit<Fact<ChatStatus, Said>, 'at'> {
  const isFailure = word === 'Failed';
  const failure: ChatStatus = !isFailure
    ? {}
    : isOldest
      ? { Error: error.code }
      : { ErrorCode: error.code, ErrorDescription: `${error.code}:${error.text}` };
  const status = isOldest ? word.toLowerCase() : word;
  const description: ChatStatus = isOldest ? {} : { StatusDescription: word };
  const timestamp = isOldest ? String(at) : at;
  return {
    push: {
      Status: status,
      ...failure,
      Timestamp: timestamp,
      TaskId: reference,
      ...addresses,
      MessageId: id,
      ...details,
    },
    queue: {
      MessageId: id,
      ...addresses,
      Timestamp: timestamp,
      Status: status,
      ...description,
      ...failure,
      ...details,
      TaskId: reference,
    },
    says: {
      status: STATUSES[word],
      reason: isFailure ? error.reason : null,
      code: isFailure ? error.code : null,
      at,
      sentAt: word === 'Sent' ? at : null,
      recipient,
      reference,
      segment: null,
    },
  };
}
