import { inBatches } from '../plan/batches.js';
import { mainlandNumber } from '../plan/made-up-numbers.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { REPLY_TEXTS } from '../plan/reply-texts.js';
import { beijingTime } from '../plan/vendor-times.js';
import { sequenceId } from './ids.js';

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

/** Replies of people, in both forms that the vendor's pages show. */
export function planReplies({ random, tag, startedAt }: RunContext, count: number): Part {
  const replies = Array.from({ length: count }, (_, index) => {
    const sequence = sequenceId(tag, index);
    const reply = {
      phone_number: mainlandNumber(random.between(0, 9_999)),
      send_time: beijingTime(startedAt - random.between(0, 30) * 1000),
      content: random.pick(REPLY_TEXTS),
      dest_code: '2493559',
    };
    const what: Reply = random.chance(0.5)
      ? { ...reply, sequence_id: sequence }
      : { ...reply, sign_name: '【示例】', sequence_id: Number(sequence) };
    return { at: random.fraction(), what };
  });
  return part(inBatches(random, replies, { source: 'ali-sms-up', largest: 3, repeated: 0.02 }), { replies: count });
}
