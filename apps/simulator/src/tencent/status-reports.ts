import type { PlannedMessage } from '../plan/batches.js';
import { foreignNumber, mainlandNumber } from '../plan/made-up-numbers.js';
import type { Outcome } from '../plan/outcomes.js';
import { outcomesOf } from '../plan/outcomes.js';
import type { RunContext } from '../plan/part.js';
import type { Random } from '../plan/random.js';
import { timingOf } from '../plan/timing.js';
import { beijingTime } from '../plan/vendor-times.js';

/** An element of a status push (https://www.tencentcloud.com/document/product/382/43547). */
export interface StatusReport {
  readonly user_receive_time: string;
  readonly nationcode: string;
  /** National number. */
  readonly mobile: string;
  readonly report_status: 'SUCCESS' | 'FAIL';
  /** The receipt code. */
  readonly errmsg: string;
  readonly description: string;
  readonly sid: string;
  /** SessionContext; absent where Tencent was not asked for it. */
  readonly ext?: string | Readonly<Record<string, unknown>>;
  /** Announced for international messages from December 2026 (https://cloud.tencent.com/announce/detail/2540). */
  readonly sub_error?: string;
  readonly sub_error_desc?: string;
}

/** Codes of https://cloud.tencent.com/document/api/382/59177, with their blanks and leading zeros. */
const OUTCOMES: readonly Outcome[] = [
  { weight: 900, status: 'delivered', reason: null, code: 'DELIVRD', text: '用户短信接收成功' },
  { weight: 30, status: 'failed', reason: 'number', code: 'UNDELIVRD', text: '空号、停机或关机' },
  { weight: 20, status: 'expired', reason: null, code: 'EXPIRED', text: '短信超过有效期' },
  { weight: 15, status: 'failed', reason: 'number', code: 'MK:0001', text: '空号' },
  { weight: 10, status: 'failed', reason: 'blocked', code: 'BWLIST _006', text: '黑名单' },
  { weight: 10, status: 'failed', reason: 'blocked', code: 'MOBILE BLACK', text: '黑名单' },
  { weight: 10, status: 'failed', reason: 'handset', code: '-37', text: '' },
  { weight: 5, status: 'failed', reason: 'handset', code: '002', text: '关机或停机' },
];

const SECOND = 1000;

/** Messages. */
export function planStatusReports(context: RunContext, count: number): PlannedMessage<StatusReport>[] {
  const { random, tag } = context;
  return Array.from({ length: count }, (_, index) => {
    const { at, reportedAt } = timingOf(context, index / count);
    const number = random.between(0, 9_999);
    const isAbroad = random.chance(0.15);
    const { country, national } = isAbroad
      ? foreignNumber(number)
      : { country: '86', national: mainlandNumber(number) };
    const id = `5000:${tag}${String(index).padStart(18, '0')}`;
    const ext = extOf(random, tag, index);
    const reports = outcomesOf(context, OUTCOMES).map(({ outcome, delay, behind }) => {
      const happenedAt = reportedAt + delay * SECOND;
      const isFailure = outcome.status !== 'delivered';
      const push: StatusReport = {
        user_receive_time: beijingTime(happenedAt),
        nationcode: country,
        mobile: national,
        report_status: isFailure ? 'FAIL' : 'SUCCESS',
        errmsg: outcome.code,
        description: outcome.text,
        sid: id,
        ...(ext === null ? {} : { ext }),
        ...(isAbroad && isFailure ? { sub_error: 'X1', sub_error_desc: 'detail' } : {}),
      };
      return {
        at: Math.min(1, at + behind),
        push,
        says: {
          status: outcome.status,
          reason: outcome.reason,
          code: outcome.code,
          at: happenedAt,
          sentAt: null,
          recipient: `+${country}${national}`,
          reference: ext === null || typeof ext === 'string' ? ext : JSON.stringify(ext),
          segment: null,
        },
      };
    });
    return { about: { provider: 'tencent', channel: 'sms', messageId: id, sender: null }, reports };
  });
}

/** As text, as JSON text, as an object, or not at all: all four are said of it. */
function extOf(random: Random, tag: string, index: number): string | Readonly<Record<string, unknown>> | null {
  const reference = `ord-${tag}-${index}`;
  switch (random.between(0, 5)) {
    case 0:
      return reference;
    case 1:
      return JSON.stringify({ orderId: reference });
    case 2:
      return { orderId: reference };
    default:
      return null;
  }
}
