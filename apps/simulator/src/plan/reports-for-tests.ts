import type { SourceId } from '../callbacks.js';
import type { Element } from './elements-for-tests.js';
import type { MessageStatus, MessageTruth } from './truth.js';

/** What an element says, read from it alone. */
export interface ReadReport {
  readonly key: string;
  readonly status: MessageStatus;
  readonly code: string | null;
  /** Unix ms; NaN: none. */
  readonly at: number;
  readonly segment: string | null;
  readonly total: number;
}

type Reader = (element: Element) => Omit<ReadReport, 'key' | 'segment' | 'total'> & {
  readonly key: readonly unknown[];
  readonly segment?: string;
  readonly total?: number;
};

const NUMBERS: Readonly<Record<string, MessageStatus>> = {
  '"1"': 'delivered',
  '"2"': 'failed',
  '"6"': 'expired',
  '"DELIVERED"': 'delivered',
  '1': 'pending',
  '2': 'failed',
  '3': 'delivered',
};

const HUAWEI: Readonly<Record<string, MessageStatus>> = {
  DELIVRD: 'delivered',
  ACCEPTD: 'pending',
  EXPIRED: 'expired',
  DELETED: 'deleted',
};

function local(time: unknown): number {
  return Date.parse(`${(time as string).replace(' ', 'T')}+08:00`);
}

function huawei({ smsMsgId, status, updateTime, sequence, total }: Element): ReturnType<Reader> {
  return {
    key: [smsMsgId],
    status: HUAWEI[status as string] ?? 'failed',
    code: status as string,
    at: Date.parse((updateTime ?? '') as string),
    ...(total === '1' ? {} : { segment: sequence as string, total: Number(total) }),
  };
}

/** How a person with the vendor's page at hand reads a delivery report. */
const READERS: Readonly<Partial<Record<SourceId, Reader>>> = {
  'ali-sms-report': (e) => ({
    key: [e.biz_id, e.phone_number],
    status: e.success === true ? 'delivered' : e.err_code === 'EXPIRED' ? 'expired' : 'failed',
    code: e.err_code as string,
    at: local(e.report_time),
  }),
  'ali-sms-report-2019': (e) => ({
    key: [e.BizId, e.PhoneNumber],
    status: NUMBERS[JSON.stringify(e.SendStatus)]!,
    code: e.ErrorCode as string,
    at: local(e.ReceiveDate),
  }),
  'ali-sms-report-intl': (e) => ({
    key: [e.MessageId, e.To],
    status: NUMBERS[JSON.stringify(e.Status)]!,
    code: e.ErrorCode as string,
    at: Date.parse(e.ReceiveDate as string),
  }),
  'ali-globe-report': (e) => ({
    key: [e.message_id, e.to],
    status: NUMBERS[JSON.stringify(e.status)]!,
    code: e.error_code as string,
    at: local(e.receive_date),
  }),
  'ali-card-render': (e) => ({ key: [String(e.outId), e.mobile], status: 'rendered', code: null, at: NaN }),
  'ali-chat-status': (e) => ({
    key: [e.MessageId],
    status: (e.Status as string).toLowerCase() as MessageStatus,
    code: ((e.ErrorCode ?? e.Error) as string | undefined) ?? null,
    at: Number(e.Timestamp),
  }),
  'huawei-status': huawei,
  'huawei-status-single': huawei,
  'tencent-status': (e) => ({
    key: [e.sid],
    status: e.report_status === 'SUCCESS' ? 'delivered' : e.errmsg === 'EXPIRED' ? 'expired' : 'failed',
    code: e.errmsg as string,
    at: local(e.user_receive_time),
  }),
  'volcengine-status': (e) => ({
    key: [e.message_id],
    status: e.status_code === '0' ? 'delivered' : 'failed',
    code: e.status_code as string,
    at: e.recv_time as number,
  }),
};

/** The sources of delivery reports. */
export const REPORT_SOURCES = Object.keys(READERS) as readonly SourceId[];

/** Reads an element; null where it is about something else than a message. */
export function readReport(source: SourceId, element: Element): ReadReport | null {
  if (element.Status === 'subscribe' || element.Status === 'unsubscribe') return null;
  const { key, segment, total, ...rest } = READERS[source]!(element);
  return { ...rest, key: JSON.stringify(key), segment: segment ?? null, total: total ?? 1 };
}

/** The key of a message in the truth, as `readReport` has it. */
export function keyOf(source: SourceId, { messageId, reference, recipient }: MessageTruth): string {
  const mainland = recipient?.replace('+86', '');
  if (source === 'ali-card-render') return JSON.stringify([reference, mainland]);
  if (source === 'ali-sms-report' || source === 'ali-sms-report-2019') return JSON.stringify([messageId, mainland]);
  const isForeign = source === 'ali-sms-report-intl' || source === 'ali-globe-report';
  return JSON.stringify(isForeign ? [messageId, recipient?.slice(1)] : [messageId]);
}

const STEPS: readonly (readonly MessageStatus[])[] = [
  ['pending'],
  ['sent'],
  ['failed', 'expired', 'deleted'],
  ['delivered'],
  ['rendered'],
  ['read'],
];

function step(status: MessageStatus): number {
  return STEPS.findIndex((statuses) => statuses.includes(status));
}

/** What reports about one message come to, by brute force: every segment's best, and the worst of these. */
export function conclude(reports: readonly ReadReport[]): {
  readonly status: MessageStatus;
  readonly code: string | null;
  readonly conflict: boolean;
} {
  const total = Math.max(...reports.map((report) => report.total));
  const segments = new Set(reports.map(({ segment }) => segment));
  const bests = [...segments].map((segment) =>
    last(
      reports.filter((report) => report.segment === segment),
      (status) => step(status),
    ),
  );
  const conflict = [...segments].some((segment) => {
    const steps = reports.filter((report) => report.segment === segment).map(({ status }) => step(status));
    return steps.includes(2) && steps.some((one) => one > 2);
  });
  const isLost = bests.some(({ status }) => step(status) === 2);
  if (!isLost && segments.size < total) return { status: 'pending', code: null, conflict };
  const { status, code } = last(bests, (one) => (isLost ? (step(one) === 2 ? 1 : 0) : -step(one)));
  return { status, code, conflict };
}

/** The one with the greatest rank, of these the latest; without a time is later than all. */
function last(reports: readonly ReadReport[], rank: (status: MessageStatus) => number): ReadReport {
  const time = ({ at }: ReadReport): number => (Number.isNaN(at) ? Infinity : at);
  return reports.reduce((best, one) => {
    const [a, b] = [rank(one.status), rank(best.status)];
    return a > b || (a === b && time(one) > time(best)) ? one : best;
  });
}
