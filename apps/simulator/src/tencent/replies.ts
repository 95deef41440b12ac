import { inReceipts } from '../plan/batches.js';
import { routed } from '../plan/facts.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { nationalNumber, someoneOf } from '../plan/people.js';
import { replyText } from '../plan/reply-texts.js';
import type { ReplyTruth } from '../plan/truth.js';
import { instant } from '../plan/truth.js';

const SOURCE = 'tencent-reply';

/**
 * Replies of people who got messages, one object a push (https://www.tencentcloud.com/document/product/382/43548). They have no id; what
 * tells a reply of this run from all others is the extension that was replied to.
 */
export function planReplies(context: RunContext, count: number, people: readonly string[]): Part {
  const { random, tag, startedAt } = context;
  const truth: ReplyTruth[] = [];
  const facts = Array.from({ length: count }, (_, index) => {
    const extension = `${tag}${index}`;
    const sender = someoneOf(random, people);
    const time = Math.floor(startedAt / 1000) - random.between(0, 30);
    const { text, keyword } = replyText(random);
    truth.push({
      kind: 'reply',
      provider: 'tencent',
      channel: 'sms',
      originId: null,
      sender,
      addressee: extension,
      text,
      keyword,
      occurredAt: instant(time * 1000),
    });
    const push = { extend: extension, mobile: nationalNumber(sender), nationcode: '86', sign: '示例', text, time };
    return routed(context, SOURCE, { at: random.fraction(), push, says: null });
  });
  const receipts = inReceipts(context, facts, {
    source: SOURCE,
    largest: 1,
    write: ([reply]) => JSON.stringify(reply),
  });
  return part(receipts, truth, { replies: count });
}
