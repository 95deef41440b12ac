import type { PlannedMessage } from '../plan/batches.js';
import type { Fact } from '../plan/facts.js';
import { mainlandE164, mainlandNumber } from '../plan/made-up-numbers.js';
import type { Said } from '../plan/message-truth.js';
import type { Outcome } from '../plan/outcomes.js';
import { outcomesOf } from '../plan/outcomes.js';
import type { RunContext } from '../plan/part.js';
import { timingOf } from '../plan/timing.js';
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

/** Codes of https://help.aliyun.com/document_detail/101347.html, roughly as often as they are seen; the last is in no table. */
const OUTCOMES: readonly Outcome[] = [
  { weight: 920, status: 'delivered', reason: null, code: 'DELIVERED', text: '用户接收成功' },
  {
    weight: 38,
    status: 'failed',
    reason: 'handset',
    code: 'MOBILE_NOT_ON_SERVICE',
    text: '停机、空号、暂停服务、关机、不在服务区',
  },
  { weight: 10, status: 'expired', reason: null, code: 'EXPIRED', text: '短信超过有效期' },
  { weight: 8, status: 'failed', reason: 'blocked', code: 'USER_REJECT', text: '用户已退订' },
  { weight: 6, status: 'failed', reason: 'throttled', code: 'MOBILE_SEND_LIMIT', text: '号码发送频率受限' },
  { weight: 5, status: 'failed', reason: 'blocked', code: 'MOBILE_IN_BLACK', text: '号码在黑名单中' },
  { weight: 4, status: 'failed', reason: 'content', code: 'CONTENT_KEYWORD', text: '内容含关键字' },
  { weight: 4, status: 'failed', reason: 'unknown', code: 'SP_UNKNOWN_ERROR', text: '运营商未知错误' },
  { weight: 2, status: 'failed', reason: 'route', code: 'NO_ROUTE', text: '无路由' },
  { weight: 2, status: 'failed', reason: 'route', code: 'IS_CLOSE', text: '短信通道被关停' },
  { weight: 1, status: 'failed', reason: 'unknown', code: 'MK:0001', text: '空号' },
];

const SECOND = 1000;

/**
 * Messages, some of them sent to several recipients at once: such a send has one `biz_id`, so a message is told by
 * `biz_id` and `phone_number` together.
 */
export function planMainlandReports(context: RunContext, count: number): PlannedMessage<MainlandReport>[] {
  const { random, tag } = context;
  const messages: PlannedMessage<MainlandReport>[] = [];
  for (let send = 0; messages.length < count; send += 1) {
    const recipients = Math.min(count - messages.length, random.chance(0.15) ? random.between(2, 20) : 1);
    const firstNumber = random.between(0, 9_999);
    const id = bizId(tag, 'mainland', send);
    const reference = random.chance(0.6) ? `ord-${tag}-${send}` : null;
    for (let recipient = 0; recipient < recipients; recipient += 1) {
      messages.push({
        about: { provider: 'alibaba', channel: 'sms', messageId: id, sender: null },
        reports: reportsOf(context, { id, reference, number: firstNumber + recipient, place: messages.length / count }),
      });
    }
  }
  return messages;
}

interface Sent {
  readonly id: string;
  readonly reference: string | null;
  readonly number: number;
  readonly place: number;
}

function reportsOf(context: RunContext, { id, reference, number, place }: Sent): Fact<MainlandReport, Said>[] {
  const { random } = context;
  const { at, sentAt, reportedAt } = timingOf(context, place);
  const size = String(random.chance(0.85) ? 1 : random.between(2, 5));
  return outcomesOf(context, OUTCOMES).map(({ outcome, delay, behind }) => {
    const happenedAt = reportedAt + delay * SECOND;
    const push: MainlandReport = {
      phone_number: mainlandNumber(number),
      send_time: beijingTime(sentAt),
      report_time: beijingTime(happenedAt),
      success: outcome.status === 'delivered',
      err_code: outcome.code,
      err_msg: outcome.text,
      sms_size: size,
      biz_id: id,
      ...(reference === null ? {} : { out_id: reference }),
    };
    return {
      at: Math.min(1, at + behind),
      push,
      queue: inQueue(push),
      says: {
        status: outcome.status,
        reason: outcome.reason,
        code: outcome.code,
        at: happenedAt,
        sentAt,
        recipient: mainlandE164(number),
        reference,
        segment: null,
      },
    };
  });
}

/** The same fields in the order in which they were seen in a queue (https://help.aliyun.com/document_detail/101641.htm). */
function inQueue(report: MainlandReport): object {
  const { send_time, report_time, success, err_msg, err_code, phone_number, ...rest } = report;
  return { send_time, report_time, success, err_msg, err_code, phone_number, ...rest };
}
