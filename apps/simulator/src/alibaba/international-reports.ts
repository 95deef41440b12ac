import type { PlannedMessage } from '../plan/batches.js';
import type { Said } from '../plan/message-truth.js';
import { foreignDigits } from '../plan/made-up-numbers.js';
import type { Outcome as AnyOutcome } from '../plan/outcomes.js';
import { outcomesOf } from '../plan/outcomes.js';
import type { RunContext } from '../plan/part.js';
import { timingOf } from '../plan/timing.js';
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

interface Outcome extends AnyOutcome {
  readonly number: string;
}

const INTERNATIONAL: readonly Outcome[] = [
  { weight: 90, status: 'delivered', reason: null, number: '1', code: 'success', text: 'success' },
  { weight: 6, status: 'failed', reason: 'unknown', number: '2', code: 'UNKNOW', text: 'Unknown error' },
  { weight: 4, status: 'expired', reason: null, number: '6', code: 'EXPIRED', text: 'expired' },
];

/** The misspelt code is the one of the page's sample. */
const GLOBE: readonly Outcome[] = [
  { weight: 90, status: 'delivered', reason: null, number: '1', code: 'DELIVERED', text: 'ok' },
  {
    weight: 10,
    status: 'failed',
    reason: 'unknown',
    number: '2',
    code: 'SP_UNKNOW_ERROR',
    text: 'unknown carrier error',
  },
];

const SECOND = 1000;

/** Messages to numbers abroad. */
export function planInternationalReports(context: RunContext, count: number): PlannedMessage<InternationalReport>[] {
  const { random, tag } = context;
  return Array.from({ length: count }, (_, index) => {
    const { at, sentAt, reportedAt } = timingOf(context, index / count);
    const id = messageId(tag, 'international', index);
    const to = foreignDigits(random.between(0, 999));
    const size = String(random.between(1, 3));
    const reference = random.chance(0.5) ? `task-${tag}-${index}` : null;
    const isOlderQueue = random.chance(0.5);
    const reports = outcomesOf(context, INTERNATIONAL).map(({ outcome, delay, behind }) => {
      const happenedAt = reportedAt + delay * SECOND;
      const push: InternationalReport = {
        To: to,
        Status: outcome.number,
        MessageId: id,
        SmsSize: size,
        ...(reference === null ? {} : { TaskId: reference }),
        SendDate: beijingTimeWithOffset(sentAt),
        ReceiveDate: beijingTimeWithOffset(happenedAt),
        ErrorCode: outcome.code,
        ErrorDescription: outcome.text,
      };
      const says: Said = {
        status: outcome.status,
        reason: outcome.reason,
        code: outcome.code,
        at: happenedAt,
        sentAt,
        recipient: `+${to}`,
        reference,
        segment: null,
      };
      const queue = inQueue(push, isOlderQueue);
      return {
        at: Math.min(1, at + behind),
        push,
        queue,
        says,
        ...(isOlderQueue ? {} : { queueSays: { reference: null } }),
      };
    });
    return { about: { provider: 'alibaba', channel: 'sms', messageId: id, sender: null }, reports };
  });
}

/**
 * The older page of the queue has the caller's id and no size (https://www.alibabacloud.com/help/doc-detail/162962.htm),
 * the newer one a size and no id (https://help.aliyun.com/zh/sms/smsreport-mns-intl).
 */
function inQueue({ TaskId, SmsSize, ...rest }: InternationalReport, isOlder: boolean): object {
  if (!isOlder) return { ...rest, SmsSize };
  return TaskId === undefined ? rest : { ...rest, TaskId };
}

/** The same for customers of the older API. */
export function planGlobeReports(context: RunContext, count: number): PlannedMessage<GlobeReport>[] {
  const { random, tag } = context;
  return Array.from({ length: count }, (_, index) => {
    const { at, sentAt, reportedAt } = timingOf(context, index / count);
    const id = messageId(tag, 'globe', index);
    const to = foreignDigits(random.between(0, 999));
    const reports = outcomesOf(context, GLOBE).map(({ outcome, delay, behind }) => {
      const happenedAt = reportedAt + delay * SECOND;
      const push: GlobeReport = {
        to,
        status: outcome.number,
        message_id: id,
        send_date: beijingTime(sentAt),
        receive_date: beijingTime(happenedAt),
        error_code: outcome.code,
        error_description: outcome.text,
      };
      const says: Said = {
        status: outcome.status,
        reason: outcome.reason,
        code: outcome.code,
        at: happenedAt,
        sentAt,
        recipient: `+${to}`,
        reference: null,
        segment: null,
      };
      return { at: Math.min(1, at + behind), push, says };
    });
    return { about: { provider: 'alibaba', channel: 'sms', messageId: id, sender: null }, reports };
  });
}
