import { inReceipts } from '../plan/batches.js';
import { routed } from '../plan/facts.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { nationalNumber, someoneOf } from '../plan/people.js';
import { replyText } from '../plan/reply-texts.js';
import type { ReplyTruth } from '../plan/truth.js';
import { instant } from '../plan/truth.js';
import { SENDING_ACCOUNT } from './sending-account.js';

const SOURCE = 'volcengine-uplink';
/** How many replies one push holds at most; no page says it. */
const LARGEST_BATCH = 3;

/**
 * Replies of people who got messages (https://www.volcengine.com/docs/6361/171585). They have no id; what tells a reply of this run from
 * all others is the number that was replied to.
 */
export function planUplinks(context: RunContext, count: number, people: readonly string[]): Part {
  const { random, tag, startedAt } = context;
  const truth: ReplyTruth[] = [];
  const facts = Array.from({ length: count }, (_, index) => {
    const sender = someoneOf(random, people);
    const addressee = `1069${tag}${String(index).padStart(5, '0')}`;
    const receivedAt = startedAt - random.between(0, 30_000);
    const { text, keyword } = replyText(random);
    truth.push({
      kind: 'reply',
      provider: 'volcengine',
      channel: 'sms',
      originId: null,
      sender,
      addressee,
      text,
      keyword,
      occurredAt: instant(receivedAt),
    });
    const push = {
      ...SENDING_ACCOUNT,
      signature: random.chance(0.8) ? '示例' : '',
      content: text,
      mobile: nationalNumber(sender),
      channel_type: 'CN_MKT',
      service_id: addressee,
      recv_time: receivedAt,
      ...(random.chance(0.6) ? { ext: `ord-${tag}-${index}` } : {}),
    };
    return routed(context, SOURCE, { at: random.fraction(), push, says: null });
  });
  return part(inReceipts(context, facts, { source: SOURCE, largest: LARGEST_BATCH }), truth, { replies: count });
}
