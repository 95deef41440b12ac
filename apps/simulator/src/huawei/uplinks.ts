import { inReceipts } from '../plan/batches.js';
import { routed } from '../plan/facts.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { someoneOf } from '../plan/people.js';
import { replyText } from '../plan/reply-texts.js';
import { taggedUuid } from '../plan/run-tag.js';
import type { ReplyTruth } from '../plan/truth.js';
import { instant } from '../plan/truth.js';
import { utcSeconds } from '../plan/vendor-times.js';
import { writeForm } from './status-reports.js';

const SOURCE = 'huawei-uplink';
const ADDRESSEE = '1069000000001234';
const SECOND = 1000;

/**
 * Replies of people who got messages, one a push (https://support.huaweicloud.com/api-msgsms/sms_05_0004.html). Their time
 * is an option.
 */
export function planUplinks(context: RunContext, count: number, people: readonly string[]): Part {
  const { random, tag, startedAt } = context;
  const truth: ReplyTruth[] = [];
  const now = startedAt - (startedAt % SECOND);
  const facts = Array.from({ length: count }, () => {
    const sentAt = random.chance(0.5) ? now - random.between(0, 30) * SECOND : null;
    const sender = someoneOf(random, people);
    const { text, keyword } = replyText(random);
    const id = taggedUuid(random, tag);
    truth.push({
      kind: 'reply',
      provider: 'huawei',
      channel: 'sms',
      originId: id,
      sender,
      addressee: ADDRESSEE,
      text,
      keyword,
      occurredAt: instant(sentAt),
    });
    const push: Readonly<Record<string, string>> = {
      from: sender,
      to: ADDRESSEE,
      body: text,
      smsMsgId: id,
      ...(sentAt === null ? {} : { createTime: utcSeconds(sentAt) }),
    };
    return routed(context, SOURCE, { at: random.fraction(), push, says: null });
  });
  const receipts = inReceipts(context, facts, {
    source: SOURCE,
    largest: 1,
    isRepeated: false,
    write: ([reply]) => writeForm(reply ?? {}),
  });
  return part(receipts, truth, { replies: count });
}
