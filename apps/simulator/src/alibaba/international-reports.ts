import type { PlannedMessage } from '../plan/batches.js';
import { foreignDigits } from '../plan/made-up-numbers.js';
import type { ExpectedStatus, RunContext } from '../plan/part.js';
import { pickWeighted } from '../plan/random.js';
import { beijingTime, beijingTimeWithOffset } from '../plan/vendor-times.js';
import { messageId } from './ids.js';

/** An element of a SmsReport push of the international product (https://help.aliyun.com/zh/sms/smsreport-http-intl). */
export interface InternationalReport {
  readonly To: string;
  /** `"1"` delivered, `"2"` failed, `"6"` expired */
  readonly Status: string;
  readonly MessageId: string;
  readonly SmsSize: string;
  /** Absent where the sender gave none. */
  readonly TaskId?: string;
  /** RFC 2822 with an offset. */
  readonly SendDate: string;
  readonly ReceiveDate: string;
  readonly ErrorCode: string;
  readonly ErrorDescription: string;
}

/** A GlobeSmsReport (https://help.aliyun.com/zh/sms/globesmsreport), pushed although only its queue is documented. */
export interface GlobeReport {
  readonly to: string;
  /** `"1"` delivered, `"2"` failed */
  readonly status: string;
  readonly message_id: string;
  readonly send_date: string;
  readonly receive_date: string;
  readonly error_code: string;
  readonly error_description: string;
}

interface Outcome {
  readonly weight: number;
  readonly status: ExpectedStatus;
  readonly number: string;
  readonly code: string;
  readonly text: string;
}

const INTERNATIONAL: readonly Outcome[] = [
  { weight: 90, status: 'delivered', number: '1', code: 'success', text: 'success' },
  { weight: 6, status: 'failed', number: '2', code: 'UNKNOW', text: 'Unknown error' },
  { weight: 4, status: 'expired', number: '6', code: 'EXPIRED', text: 'expired' },
];

/** The misspelt code is the one of the page's sample. */
const GLOBE: readonly Outcome[] = [
  { weight: 90, status: 'delivered', number: '1', code: 'DELIVERED', text: 'ok' },
  { weight: 10, status: 'failed', number: '2', code: 'SP_UNKNOW_ERROR', text: 'unknown carrier error' },
];

const SECOND = 1000;

/** One report for each message to a number abroad. */
export function planInternationalReports(
  { random, tag, startedAt }: RunContext,
  count: number,
): PlannedMessage<InternationalReport>[] {
  return Array.from({ length: count }, (_, index) => {
    const { status, number, code, text } = pickWeighted(random, INTERNATIONAL);
    const sentAt = startedAt - random.between(5, 60) * SECOND;
    const report = {
      To: foreignDigits(random.between(0, 999)),
      Status: number,
      MessageId: messageId(tag, 'international', index),
      SmsSize: String(random.between(1, 3)),
      ...(random.chance(0.5) ? { TaskId: `task-${tag}-${index}` } : {}),
      SendDate: beijingTimeWithOffset(sentAt),
      ReceiveDate: beijingTimeWithOffset(sentAt + random.between(1, 5) * SECOND),
      ErrorCode: code,
      ErrorDescription: text,
    };
    return { status, reports: [{ at: index / count, what: report }] };
  });
}

/** The same for customers of the older API. */
export function planGlobeReports({ random, tag, startedAt }: RunContext, count: number): PlannedMessage<GlobeReport>[] {
  return Array.from({ length: count }, (_, index) => {
    const { status, number, code, text } = pickWeighted(random, GLOBE);
    const sentAt = startedAt - random.between(5, 60) * SECOND;
    const report = {
      to: foreignDigits(random.between(0, 999)),
      status: number,
      message_id: messageId(tag, 'globe', index),
      send_date: beijingTime(sentAt),
      receive_date: beijingTime(sentAt + random.between(1, 5) * SECOND),
      error_code: code,
      error_description: text,
    };
    return { status, reports: [{ at: index / count, what: report }] };
  });
}
