import type { PlannedMessage } from '../plan/batches.js';
import type { ExpectedStatus, RunContext } from '../plan/part.js';
import { pickWeighted, shuffled } from '../plan/random.js';
import type { ChatApp } from './chat-senders.js';
import { businessScopedId, CHAT_SENDERS, chatPerson } from './chat-senders.js';
import { chatMessageId } from './ids.js';

/** An element of a ChatAppStatus push (https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappstatus-1). */
export type ChatStatus = Readonly<Record<string, string | number>>;

interface Path {
  readonly weight: number;
  readonly status: ExpectedStatus;
  readonly statuses: readonly string[];
}

const PATHS: readonly Path[] = [
  { weight: 40, status: 'read', statuses: ['Sent', 'Delivered', 'Read'] },
  { weight: 25, status: 'delivered', statuses: ['Sent', 'Delivered'] },
  // Nobody promises that a read message was reported as delivered.
  { weight: 8, status: 'read', statuses: ['Sent', 'Read'] },
  { weight: 12, status: 'failed', statuses: ['Sent', 'Failed'] },
  { weight: 7, status: 'failed', statuses: ['Failed'] },
  { weight: 8, status: 'sent', statuses: ['Sent'] },
];

/** Code and text as the app gives them; the first is that of the vendor's sample. */
const ERRORS = [
  ['131026', 'Receiver is incapable of receiving this message'],
  ['131047', 'Re-engagement message'],
] as const;

const APPS: readonly { readonly weight: number; readonly app: ChatApp }[] = [
  { weight: 70, app: 'whatsapp' },
  { weight: 18, app: 'viber' },
  { weight: 6, app: 'messenger' },
  { weight: 6, app: 'instagram' },
];

const SECOND = 1000;

/** Messages on chat apps with their statuses; those of one message in seven come in any order. */
export function planChatStatuses({ random, tag, startedAt }: RunContext, count: number): PlannedMessage<ChatStatus>[] {
  return Array.from({ length: count }, (_, index) => {
    const { app } = pickWeighted(random, APPS);
    const { status, statuses } = pickWeighted(random, PATHS);
    const message = messageOf(app, tag, index, random.between(0, 9_999));
    const isOldest = app === 'whatsapp' && random.chance(0.1);
    const error = random.pick(ERRORS);
    const sentAt = startedAt - random.between(30, 60) * SECOND;
    const pace = random.between(1, 9) * SECOND;
    const elements = statuses.map((word, step) => ({
      ...(isOldest ? oldest : newest)(word, sentAt + step * pace, error),
      ...message,
    }));
    const pushed = random.chance(0.15) ? shuffled(random, elements) : elements;
    const begin = (0.7 * index) / count;
    return { status, reports: pushed.map((what, step) => ({ at: begin + 0.1 * step, what })) };
  });
}

function messageOf(app: ChatApp, tag: string, index: number, person: number): ChatStatus {
  const id = chatMessageId(tag, 'message', index);
  const from = CHAT_SENDERS[app];
  // Some people of WhatsApp are known by an id only.
  const to: ChatStatus =
    app === 'whatsapp' && person % 20 === 0
      ? { FromUserId: businessScopedId(person) }
      : { To: chatPerson(app, person) };
  const common = { TaskId: index % 3 === 0 ? `task-${tag}-${index}` : id, From: from, ...to, MessageId: id };
  if (app !== 'whatsapp') return { ...common, MsgFrameType: 'message', Type: 'none' };
  return {
    ...common,
    MsgFrameType: 'template',
    OriginPhoneNumber: from,
    TemplateCode: '820000000000000001',
    Type: 'TEMPLATE',
    Language: 'en',
    TemplateName: 'otp_v1',
    ConversationId: 'c0ffee01',
    ConversationType: 'utility',
  };
}

function newest(word: string, timestamp: number, [code, text]: readonly [string, string]): ChatStatus {
  const failure: ChatStatus = word === 'Failed' ? { ErrorCode: code, ErrorDescription: `${code}:${text}` } : {};
  return { Status: word, StatusDescription: word, ...failure, Timestamp: timestamp };
}

/** The first generation: lower case, a time as text, `Error`. */
function oldest(word: string, timestamp: number, [code]: readonly [string, string]): ChatStatus {
  const failure: ChatStatus = word === 'Failed' ? { Error: code } : {};
  return { Status: word.toLowerCase(), ...failure, Timestamp: String(timestamp) };
}
