import { inBatches } from '../plan/batches.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import type { ChatApp } from './chat-senders.js';
import { businessScopedId, CHAT_SENDERS, chatPerson } from './chat-senders.js';
import { chatMessageId } from './ids.js';

type Fields = Readonly<Record<string, unknown>>;

const MEDIA = { id: '300000000000001', url: 'https://media.example.com/1' };

/** What people send, by the vendor's `Type`; samples of the pages, with what they hold made up. */
const CONTENTS: readonly (readonly [type: string, message: string | Fields])[] = [
  ['TEXT', 'hello'],
  ['TEXT', '退订'],
  ['TEXT', 'STOP'],
  ['REPLY', { text: 'Yes', payload: 'YES_1' }],
  ['LOCATION', { address: '1 Example Rd', latitude: '30.1', longitude: '120.2', name: 'office' }],
  ['IMAGE', { ...MEDIA, caption: 'the parcel', mimeType: 'image/jpeg' }],
  ['VIDEO', { ...MEDIA, name: 'clip', mimeType: 'ogg' }],
  ['AUDIO', { ...MEDIA, filename: 'File.ogg', animated: false, mimeType: 'audio/ogg' }],
  ['DOCUMENT', { ...MEDIA, name: 'order', filename: 'order.pdf', mimeType: 'application/pdf' }],
];

const APPS: readonly ChatApp[] = ['whatsapp', 'whatsapp', 'viber', 'messenger', 'instagram'];

/**
 * Messages of people (https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappinbound) with the quirks of
 * the samples: numbers with and without a plus, documents as text or as objects, a key with a space behind it.
 */
export function planInbound({ random, tag, startedAt }: RunContext, count: number): Part {
  const messages = Array.from({ length: count }, (_, index) => {
    const app = random.pick(APPS);
    const [type, message] = CONTENTS[index % CONTENTS.length]!;
    const person = random.between(0, 9_999);
    const plus = app === 'whatsapp' && random.chance(0.3) ? '+' : '';
    const from: Fields =
      app === 'whatsapp' && random.chance(0.1)
        ? { FromUserId: businessScopedId(person), FromUserName: 'jack' }
        : { From: plus + chatPerson(app, person), Name: 'jack' };
    const what: Fields = {
      MessageId: chatMessageId(tag, 'inbound', index),
      ...(random.chance(0.5) ? { CustSpaceId: 'cams-0001', NoticeType: 'inbound' } : {}),
      ...from,
      To: plus + CHAT_SENDERS[app],
      DisplayName: 'Example Co',
      Type: type,
      Message: typeof message === 'string' || random.chance(0.3) ? message : JSON.stringify(message),
      [random.chance(0.1) ? 'Timestamp ' : 'Timestamp']: startedAt - random.between(0, 30_000),
    };
    return { at: random.fraction(), what };
  });
  const pushes = inBatches(random, messages, { source: 'ali-chat-inbound', largest: 4, repeated: 0.02 });
  return part(pushes, { replies: count });
}
