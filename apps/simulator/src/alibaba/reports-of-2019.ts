import type { PlannedMessage } from '../plan/batches.js';
import { mainlandNumber } from '../plan/made-up-numbers.js';
import type { ExpectedStatus, RunContext } from '../plan/part.js';
import { pickWeighted } from '../plan/random.js';
import { beijingTime } from '../plan/vendor-times.js';
import { bizId } from './ids.js';

/**
 * An element of a SmsReport push as the international site documented it in 2019. Two editions of the page number the
 * outcomes differently: 1 submitted, 2 failed, 3 delivered (https://www.alibabacloud.com/help/doc-detail/73871.htm), and
 * as text `"1"` delivered, `"2"` failed, `"6"` expired; the sample of the latter has a word.
 */
export interface ReportOf2019 {
  readonly PhoneNumber: string;
  readonly SendDate: string;
  readonly ReceiveDate: string;
  readonly SendStatus: string | number;
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
  /** A count, or the list of the segments' numbers. */
  readonly SmsQuantity: string;
  readonly BizId: string;
  readonly ExternalId: string;
}

type Said = Pick<ReportOf2019, 'SendStatus' | 'ErrorCode' | 'ErrorMessage'>;

interface Outcome {
  readonly weight: number;
  readonly status: ExpectedStatus;
  /** What the reports say, the first one first. */
  readonly said: readonly Said[];
}

const SUBMITTED: Said = { SendStatus: 1, ErrorCode: 'REQUEST_SUCCESS', ErrorMessage: 'Submitted.' };
const OUTCOMES: readonly Outcome[] = [
  { weight: 40, status: 'delivered', said: [{ SendStatus: '1', ErrorCode: 'DELIVERED', ErrorMessage: 'ok' }] },
  { weight: 10, status: 'delivered', said: [{ SendStatus: 'DELIVERED', ErrorCode: 'UNKNOW', ErrorMessage: 'ok' }] },
  {
    weight: 30,
    status: 'delivered',
    said: [SUBMITTED, { SendStatus: 3, ErrorCode: 'DELIVERED', ErrorMessage: 'ok' }],
  },
  { weight: 5, status: 'pending', said: [SUBMITTED] },
  {
    weight: 5,
    status: 'failed',
    said: [SUBMITTED, { SendStatus: 2, ErrorCode: 'UNKNOW', ErrorMessage: 'Unknown error.' }],
  },
  {
    weight: 5,
    status: 'failed',
    said: [{ SendStatus: '2', ErrorCode: 'MOBILE_NOT_ON_SERVICE', ErrorMessage: 'Not in service.' }],
  },
  { weight: 5, status: 'expired', said: [{ SendStatus: '6', ErrorCode: 'EXPIRED', ErrorMessage: 'Expired.' }] },
];

const QUANTITIES = ['1', '1', '1', '2', '1,2', '1,2,3'];
const SECOND = 1000;

/** Messages of both editions; those of the first one are reported as submitted, and later with their outcome. */
export function planReportsOf2019(
  { random, tag, startedAt }: RunContext,
  count: number,
): PlannedMessage<ReportOf2019>[] {
  return Array.from({ length: count }, (_, index) => {
    const { status, said } = pickWeighted(random, OUTCOMES);
    const sentAt = startedAt - random.between(30, 60) * SECOND;
    const message = {
      PhoneNumber: mainlandNumber(random.between(0, 9_999)),
      SendDate: beijingTime(sentAt),
      SmsQuantity: random.pick(QUANTITIES),
      BizId: bizId(tag, 'of-2019', index),
      ExternalId: `batch-${tag}`,
    };
    const reports = said.map((words, step) => ({
      at: (0.85 * index) / count + 0.15 * step,
      what: { ...message, ReceiveDate: beijingTime(sentAt + (2 + step * 10) * SECOND), ...words },
    }));
    return { status, reports };
  });
}
