import { inReceipts } from '../plan/batches.js';
import { routed } from '../plan/facts.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { nationalNumber, someoneOf } from '../plan/people.js';
import type { Random } from '../plan/random.js';
import { replyText } from '../plan/reply-texts.js';
import type { ReplyTruth } from '../plan/truth.js';
import { instant } from '../plan/truth.js';
import { beijingTime } from '../plan/vendor-times.js';
import { bareNumber, sequenceId } from './ids.js';

/** An element of a SmsUp push (https://help.aliyun.com/zh/sms/developer-reference/smsup-http). */
export interface Reply {
  readonly phone_number: string;
  readonly send_time: string;
  readonly content: string;
  /** Only the older form has it; seen with the brackets 【】. */
  readonly sign_name?: string;
  readonly dest_code: string;
  /** A string on today's page, a bare number on the older one and in what was observed. */
  readonly sequence_id: string | number;
}

const SOURCE = 'ali-sms-up';
const SECOND = 1000;

/** Replies of people who got messages, in both forms that the vendor's pages show. */
export function planReplies(context: RunContext, count: number, people: readonly string[]): Part {
  const { random, tag, startedAt } = context;
  const truth: ReplyTruth[] = [];
  const now = startedAt - (startedAt % SECOND);
  const facts = Array.from({ length: count }, (_, index) => {
    const sequence = sequenceId(tag, index);
    const sender = someoneOf(random, people);
    const sentAt = now - random.between(0, 30) * SECOND;
    const { text, keyword } = replyText(random);
    const reply = {
      phone_number: nationalNumber(sender),
      send_time: beijingTime(sentAt),
      content: text,
      // A number with an exponent does not show the digits of the run: so the system's number holds them too.
      dest_code: tag,
    };
    const push: Reply = random.chance(0.5)
      ? { ...reply, sequence_id: sequence }
      : { ...reply, sign_name: '【示例】', sequence_id: bareNumber(sequence) };
    truth.push({
      kind: 'reply',
      provider: 'alibaba',
      channel: 'sms',
      originId: sequence,
      sender,
      addressee: tag,
      text,
      keyword,
      occurredAt: instant(sentAt),
    });
    return routed(context, SOURCE, {
      at: random.fraction(),
      push,
      queue: inQueue(random, reply, sequence),
      says: null,
    });
  });
  return part(inReceipts(context, facts, { source: SOURCE, largest: 3 }), truth, { replies: count });
}

/**
 * As it was seen in a queue. The page there calls the number a double (https://help.aliyun.com/document_detail/101646.html),
 * so some have an exponent, which no serialiser of ours would write: hence text.
 */
function inQueue(random: Random, reply: Omit<Reply, 'sequence_id'>, sequence: string): string {
  const { dest_code, send_time, phone_number, content } = reply;
  const number = random.chance(0.2) ? `${sequence.charAt(0)}.${sequence.slice(1)}E${sequence.length - 1}` : sequence;
  const before = JSON.stringify({ dest_code, send_time, sign_name: '【示例】' }).slice(0, -1);
  const after = JSON.stringify({ phone_number, content }).slice(1);
  return `${before},"sequence_id":${number},${after}`;
}
