import type { PlannedMessage } from '../plan/batches.js';
import { foreignNumber, mainlandNumber } from '../plan/made-up-numbers.js';
import type { ExpectedStatus, RunContext } from '../plan/part.js';
import type { Random } from '../plan/random.js';
import { pickWeighted } from '../plan/random.js';
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

interface Outcome {
  readonly weight: number;
  readonly status: ExpectedStatus;
  readonly code: string;
  readonly text: string;
}

/** Codes of https://cloud.tencent.com/document/api/382/59177, with their blanks and leading zeros. */
const OUTCOMES: readonly Outcome[] = [
  { weight: 900, status: 'delivered', code: 'DELIVRD', text: '用户短信接收成功' },
  { weight: 30, status: 'failed', code: 'UNDELIVRD', text: '空号、停机或关机' },
  { weight: 20, status: 'expired', code: 'EXPIRED', text: '短信超过有效期' },
  { weight: 15, status: 'failed', code: 'MK:0001', text: '空号' },
  { weight: 10, status: 'failed', code: 'BWLIST _006', text: '黑名单' },
  { weight: 10, status: 'failed', code: 'MOBILE BLACK', text: '黑名单' },
  { weight: 10, status: 'failed', code: '-37', text: '' },
  { weight: 5, status: 'failed', code: '002', text: '关机或停机' },
];

/** One report for each message. */
export function planStatusReports(
  { random, tag, startedAt }: RunContext,
  count: number,
): PlannedMessage<StatusReport>[] {
  return Array.from({ length: count }, (_, index) => {
    const { status, code, text } = pickWeighted(random, OUTCOMES);
    const number = random.between(0, 9_999);
    const isAbroad = random.chance(0.15);
    const { country, national } = isAbroad
      ? foreignNumber(number)
      : { country: '86', national: mainlandNumber(number) };
    const isFailure = status !== 'delivered';
    const report: StatusReport = {
      user_receive_time: beijingTime(startedAt - random.between(1, 60) * 1000),
      nationcode: country,
      mobile: national,
      report_status: isFailure ? 'FAIL' : 'SUCCESS',
      errmsg: code,
      description: text,
      sid: `5000:${tag}${String(index).padStart(18, '0')}`,
      ...extOf(random, tag, index),
      ...(isAbroad && isFailure ? { sub_error: 'X1', sub_error_desc: 'detail' } : {}),
    };
    return { status, reports: [{ at: index / count, what: report }] };
  });
}

/** As text, as JSON text, as an object, or not at all: all four are said of it. */
function extOf(random: Random, tag: string, index: number): Pick<StatusReport, 'ext'> {
  const reference = `ord-${tag}-${index}`;
  switch (random.between(0, 5)) {
    case 0:
      return { ext: reference };
    case 1:
      return { ext: JSON.stringify({ orderId: reference }) };
    case 2:
      return { ext: { orderId: reference } };
    default:
      return {};
  }
}
