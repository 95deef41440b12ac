import { beijingTime } from './beijing-time.js';
import { madeUpNumber } from './delivery-reports.js';
import type { Random } from './random.js';
import { sequenceId } from './run-ids.js';

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

const CONTENTS = ['TD', 'T', '1', '退订', '好的', '收到，谢谢', 'OK', 'Y', '明天几点？', '👍 收到', 'R', '查询余额'];

/** Replies of people, in both forms that the vendor's pages show. */
export function planReplies(random: Random, tag: string, count: number, startedAt: number): Reply[] {
  return Array.from({ length: count }, (_, index): Reply => {
    const sequence = sequenceId(tag, index);
    const reply = {
      phone_number: madeUpNumber(random.between(0, 9_999)),
      send_time: beijingTime(startedAt - random.between(0, 30) * 1000),
      content: random.pick(CONTENTS),
    };
    return random.chance(0.5)
      ? { ...reply, dest_code: '2493559', sequence_id: sequence }
      : { ...reply, sign_name: '【示例】', dest_code: '2493559', sequence_id: Number(sequence) };
  });
}
