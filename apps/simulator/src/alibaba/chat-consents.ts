import { inReceipts } from '../plan/batches.js';
import type { RoutedFact } from '../plan/facts.js';
import { routed } from '../plan/facts.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import type { NoticeTruth } from '../plan/truth.js';
import { instant } from '../plan/truth.js';
import { CHAT_SENDERS, chatPerson } from './chat-senders.js';
import type { ChatStatus } from './chat-statuses.js';
import { chatMessageId } from './ids.js';

/** People that nobody means anybody by; a person who is there twice would be one subject. */
const PEOPLE = 10_000;

const SOURCE = 'ali-chat-status';

/**
 * People who subscribe to a Viber service, some of whom leave it again. It comes as a ChatAppStatus
 * (https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappstatus). Times are of the last second and a
 * half before the run: whatever an earlier run said about the same person is older.
 */
export function planConsents(context: RunContext, people: number): Part {
  const { random, tag, startedAt } = context;
  const facts: RoutedFact<ChatStatus, null>[] = [];
  const truth: NoticeTruth[] = [];
  const firstPerson = random.between(0, PEOPLE - 1);
  for (let index = 0; index < Math.min(people, PEOPLE); index += 1) {
    const begin = random.fraction() * 0.6;
    const person = chatPerson('viber', firstPerson + index);
    const words = random.chance(0.4) ? ['subscribe', 'unsubscribe'] : ['subscribe'];
    words.forEach((word, step) => {
      const push: ChatStatus = {
        Status: word,
        StatusDescription: word,
        MsgFrameType: 'message',
        From: CHAT_SENDERS.viber,
        To: person,
        Timestamp: startedAt - 1_500 + step * 1_000,
        MessageId: chatMessageId(tag, 'consent', index * 2 + step),
      };
      facts.push(routed(context, SOURCE, { at: begin + step * 0.3, push, says: null }));
    });
    truth.push({
      kind: 'notice',
      provider: 'alibaba',
      channel: 'viber',
      subject: 'person',
      id: `+${person}`,
      aspect: 'subscription',
      value: words.at(-1)!,
      occurredAt: instant(startedAt - 1_500 + (words.length - 1) * 1_000),
    });
  }
  return part(inReceipts(context, facts, { source: SOURCE, largest: 3 }), truth, { notices: facts.length });
}
