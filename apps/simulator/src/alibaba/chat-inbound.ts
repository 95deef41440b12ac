import { inReceipts } from '../plan/batches.js';
import { routed } from '../plan/facts.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import type { Keyword, ReplyTruth } from '../plan/truth.js';
import { instant } from '../plan/truth.js';
import type { ChatApp } from './chat-senders.js';
import { businessScopedId, CHAT_SENDERS, chatPerson, hasNumbers } from './chat-senders.js';
import { chatMessageId } from './ids.js';

type Fields = Readonly<Record<string, unknown>>;

const MEDIA = { id: '300000000000001', url: 'https://media.example.com/1' };

/** What a person sends, in the vendor's `Type` and `Message`, and its words. */
interface Content {
  readonly type: string;
  readonly message: string | Fields;
  readonly text: string | null;
  readonly keyword: Keyword | null;
}

/** Samples of the pages, with what they hold made up. */
const CONTENTS: readonly Content[] = [
  written('hello', null),
  written('退订', 'stop'),
  written('STOP', 'stop'),
  { ...shown('REPLY', { text: 'Yes', payload: 'YES_1' }), text: 'Yes' },
  shown('LOCATION', { address: '1 Example Rd', latitude: '30.1', longitude: '120.2', name: 'office' }),
  { ...shown('IMAGE', { ...MEDIA, caption: 'the parcel', mimeType: 'image/jpeg' }), text: 'the parcel' },
  shown('VIDEO', { ...MEDIA, name: 'clip', mimeType: 'ogg' }),
  shown('AUDIO', { ...MEDIA, filename: 'File.ogg', animated: false, mimeType: 'audio/ogg' }),
  shown('DOCUMENT', { ...MEDIA, name: 'order', filename: 'order.pdf', mimeType: 'application/pdf' }),
];

function written(text: string, keyword: Keyword | null): Content {
  return { type: 'TEXT', message: text, text, keyword };
}

function shown(type: string, message: Fields): Content {
  return { type, message, text: null, keyword: null };
}

const APPS: readonly ChatApp[] = ['whatsapp', 'whatsapp', 'viber', 'messenger', 'instagram'];
const SOURCE = 'ali-chat-inbound';

/**
 * Messages of people (https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappinbound) with the quirks of
 * the samples: numbers with and without a plus, documents as text or as objects, a key with a space behind it. A queue
 * has the same fields.
 */
export function planInbound(context: RunContext, count: number): Part {
  const { random, tag, startedAt } = context;
  const truth: ReplyTruth[] = [];
  const facts = Array.from({ length: count }, (_, index) => {
    const app = random.pick(APPS);
    const { type, message, text, keyword } = CONTENTS[index % CONTENTS.length]!;
    const person = random.between(0, 9_999);
    const plus = app === 'whatsapp' && random.chance(0.3) ? '+' : '';
    const isKnownById = app === 'whatsapp' && random.chance(0.1);
    const address = chatPerson(app, person);
    const from: Fields = isKnownById
      ? { FromUserId: businessScopedId(person), FromUserName: 'jack' }
      : { From: plus + address, Name: 'jack' };
    const id = chatMessageId(tag, 'inbound', index);
    const sentAt = startedAt - random.between(0, 30_000);
    const push: Fields = {
      MessageId: id,
      ...(random.chance(0.5) ? { CustSpaceId: 'cams-0001', NoticeType: 'inbound' } : {}),
      ...from,
      To: plus + CHAT_SENDERS[app],
      DisplayName: 'Example Co',
      Type: type,
      Message: typeof message === 'string' || random.chance(0.3) ? message : JSON.stringify(message),
      [random.chance(0.1) ? 'Timestamp ' : 'Timestamp']: sentAt,
    };
    truth.push({
      kind: 'reply',
      provider: 'alibaba',
      channel: app,
      originId: id,
      sender: isKnownById ? businessScopedId(person) : hasNumbers(app) ? `+${address}` : address,
      addressee: plus + CHAT_SENDERS[app],
      text,
      keyword,
      occurredAt: instant(sentAt),
    });
    return routed(context, SOURCE, { at: random.fraction(), push, says: null });
  });
  return part(inReceipts(context, facts, { source: SOURCE, largest: 4 }), truth, { replies: count });
}
