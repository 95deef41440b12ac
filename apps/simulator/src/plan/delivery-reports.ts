import { beijingTime } from './beijing-time.js';
import type { Random } from './random.js';
import { bizId } from './run-ids.js';

/**
 * An element of a SmsReport push, mainland form, with the vendor's field order and types
 * (https://help.aliyun.com/document_detail/101867.html).
 */
export interface DeliveryReport {
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

/** A report, and whether it comes hours after the message was sent. */
export interface PlannedReport {
  readonly report: DeliveryReport;
  readonly late: boolean;
}

interface Outcome {
  readonly weight: number;
  readonly success: boolean;
  readonly code: string;
  readonly text: string;
}

/** Codes of https://help.aliyun.com/document_detail/101347.html, roughly as often as they are seen; the last is in no table. */
const OUTCOMES: readonly Outcome[] = [
  { weight: 920, success: true, code: 'DELIVERED', text: '用户接收成功' },
  { weight: 38, success: false, code: 'MOBILE_NOT_ON_SERVICE', text: '停机、空号、暂停服务、关机、不在服务区' },
  { weight: 10, success: false, code: 'EXPIRED', text: '短信超过有效期' },
  { weight: 8, success: false, code: 'USER_REJECT', text: '用户已退订' },
  { weight: 6, success: false, code: 'MOBILE_SEND_LIMIT', text: '号码发送频率受限' },
  { weight: 5, success: false, code: 'MOBILE_IN_BLACK', text: '号码在黑名单中' },
  { weight: 4, success: false, code: 'CONTENT_KEYWORD', text: '内容含关键字' },
  { weight: 4, success: false, code: 'SP_UNKNOWN_ERROR', text: '运营商未知错误' },
  { weight: 2, success: false, code: 'NO_ROUTE', text: '无路由' },
  { weight: 2, success: false, code: 'IS_CLOSE', text: '短信通道被关停' },
  { weight: 1, success: false, code: 'MK:0001', text: '空号' },
];
const TOTAL_WEIGHT = OUTCOMES.reduce((sum, { weight }) => sum + weight, 0);

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;

/**
 * One report for each of `messages` messages. A send to several recipients shares one `biz_id`, so a message is told
 * by `biz_id` and `phone_number` together.
 * @param startedAt Unix ms, when the run begins
 */
export function planDeliveryReports(random: Random, tag: string, messages: number, startedAt: number): PlannedReport[] {
  const reports: PlannedReport[] = [];
  for (let send = 0; reports.length < messages; send += 1) {
    const recipients = Math.min(messages - reports.length, random.chance(0.15) ? random.between(2, 20) : 1);
    const firstNumber = random.between(0, 9_999);
    const reference = random.chance(0.6) ? `ord-${tag}-${send}` : null;
    for (let recipient = 0; recipient < recipients; recipient += 1) {
      const late = random.chance(0.01);
      const sentAt = startedAt - (late ? random.between(6, 30) * HOUR : random.between(5, 60) * SECOND);
      const reportedAt = late ? startedAt : sentAt + random.between(1, 20) * SECOND;
      const outcome = pickOutcome(random);
      reports.push({
        late,
        report: {
          phone_number: madeUpNumber(firstNumber + recipient),
          send_time: beijingTime(sentAt),
          report_time: beijingTime(reportedAt),
          success: outcome.success,
          err_code: outcome.code,
          err_msg: outcome.text,
          sms_size: String(random.chance(0.85) ? 1 : random.between(2, 5)),
          biz_id: bizId(tag, send),
          ...(reference === null ? {} : { out_id: reference }),
        },
      });
    }
  }
  return reports;
}

/** Eleven digits, of the 10,000 that nobody here means anybody by. */
export function madeUpNumber(index: number): string {
  return `1380000${String(index % 10_000).padStart(4, '0')}`;
}

function pickOutcome(random: Random): Outcome {
  let left = random.fraction() * TOTAL_WEIGHT;
  for (const outcome of OUTCOMES) {
    left -= outcome.weight;
    if (left < 0) return outcome;
  }
  throw new RangeError('a fraction is below 1');
}
