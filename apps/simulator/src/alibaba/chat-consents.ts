import { inBatches } from '../plan/batches.js';
import type { Part, Placed, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { CHAT_SENDERS, chatPerson } from './chat-senders.js';
import type { ChatStatus } from './chat-statuses.js';
import { chatMessageId } from './ids.js';

/**
 * People who subscribe to a Viber service, some of whom leave it again. It comes as a ChatAppStatus
 * (https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappstatus). Times are of the last second and a
 * half before the run: whatever an earlier run said about the same person is older.
 */
export function planConsents({ random, tag, startedAt }: RunContext, people: number): Part {
  const elements: Placed<ChatStatus>[] = [];
  const firstPerson = random.between(0, 9_999);
  // People that nobody means anybody by are 10,000; a person who is there twice would be one subject.
  const count = Math.min(people, 10_000);
  for (let index = 0; index < count; index += 1) {
    const at = random.fraction() * 0.6;
    const words = random.chance(0.4) ? ['subscribe', 'unsubscribe'] : ['subscribe'];
    words.forEach((word, step) => {
      elements.push({
        at: at + step * 0.3,
        what: {
          Status: word,
          StatusDescription: word,
          MsgFrameType: 'message',
          From: CHAT_SENDERS.viber,
          To: chatPerson('viber', firstPerson + index),
          Timestamp: startedAt - 1_500 + step * 1_000,
          MessageId: chatMessageId(tag, 'consent', index * 2 + step),
        },
      });
    });
  }
  const pushes = inBatches(random, elements, { source: 'ali-chat-status', largest: 3 });
  return part(pushes, { subjects: count, notices: elements.length });
}
