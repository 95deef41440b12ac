import type { PlannedMessage } from '../plan/batches.js';
import { mainlandNumber } from '../plan/made-up-numbers.js';
import type { ExpectedStatus, RunContext } from '../plan/part.js';
import { pickWeighted } from '../plan/random.js';
import { beijingTime } from '../plan/vendor-times.js';
import { bizId } from './ids.js';

/**
 * An element of a SmsReport push, mainland form, with the vendor's field order and types
 * (https://help.aliyun.com/document_detail/101867.html).
 */
export interface MainlandReport {
  readonly phone_number: string;
  readonly send_time: string;
  readonly report_time: string;
  readonly success: boolean;
  readonly err_code: string;
  readonly err_msg: string;
  /** Number of segments, as a string. */
  readonly sms_size: string;
  readonly biz_id: string;
  /** Absent where the sender gave none. */
  readonly out_id?: string;
}

interface Outcome {
  readonly weight: number;
  readonly status: ExpectedStatus;
  readonly code: string;
  readonly text: string;
}

/** Codes of https://help.aliyun.com/document_detail/101347.html, roughly as often as they are seen; the last is in no table. */
const OUTCOMES: readonly Outcome[] = [
  { weight: 920, status: 'delivered', code: 'DELIVERED', text: '用户接收成功' },
  { weight: 38, status: 'failed', code: 'MOBILE_NOT_ON_SERVICE', text: '停机、空号、暂停服务、关机、不在服务区' },
  { weight: 10, status: 'expired', code: 'EXPIRED', text: '短信超过有效期' },
  { weight: 8, status: 'failed', code: 'USER_REJECT', text: '用户已退订' },
  { weight: 6, status: 'failed', code: 'MOBILE_SEND_LIMIT', text: '号码发送频率受限' },
  { weight: 5, status: 'failed', code: 'MOBILE_IN_BLACK', text: '号码在黑名单中' },
  { weight: 4, status: 'failed', code: 'CONTENT_KEYWORD', text: '内容含关键字' },
  { weight: 4, status: 'failed', code: 'SP_UNKNOWN_ERROR', text: '运营商未知错误' },
  { weight: 2, status: 'failed', code: 'NO_ROUTE', text: '无路由' },
  { weight: 2, status: 'failed', code: 'IS_CLOSE', text: '短信通道被关停' },
  { weight: 1, status: 'failed', code: 'MK:0001', text: '空号' },
];

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;

/**
 * One report for each message. A send to several recipients shares one `biz_id`, so a message is told by `biz_id` and
 * `phone_number` together. One in a hundred comes hours after the message was sent, at the end of the run.
 */
export function planMainlandReports(
  { random, tag, startedAt }: RunContext,
  count: number,
): PlannedMessage<MainlandReport>[] {
  const messages: PlannedMessage<MainlandReport>[] = [];
  for (let send = 0; messages.length < count; send += 1) {
    const recipients = Math.min(count - messages.length, random.chance(0.15) ? random.between(2, 20) : 1);
    const firstNumber = random.between(0, 9_999);
    const reference = random.chance(0.6) ? `ord-${tag}-${send}` : null;
    for (let recipient = 0; recipient < recipients; recipient += 1) {
      const isLate = random.chance(0.01);
      const sentAt = startedAt - (isLate ? random.between(6, 30) * HOUR : random.between(5, 60) * SECOND);
      const reportedAt = isLate ? startedAt : sentAt + random.between(1, 20) * SECOND;
      const { status, code, text } = pickWeighted(random, OUTCOMES);
      const report = {
        phone_number: mainlandNumber(firstNumber + recipient),
        send_time: beijingTime(sentAt),
        report_time: beijingTime(reportedAt),
        success: status === 'delivered',
        err_code: code,
        err_msg: text,
        sms_size: String(random.chance(0.85) ? 1 : random.between(2, 5)),
        biz_id: bizId(tag, 'mainland', send),
        ...(reference === null ? {} : { out_id: reference }),
      };
      const at = isLate ? 0.9 + random.fraction() * 0.1 : messages.length / count;
      messages.push({ status, reports: [{ at, what: report }] });
    }
  }
  return messages;
}
