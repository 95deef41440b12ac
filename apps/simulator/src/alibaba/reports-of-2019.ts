import type { PlannedMessage } from '../plan/batches.js';
import { mainlandE164, mainlandNumber } from '../plan/made-up-numbers.js';
import type { Outcome } from '../plan/outcomes.js';
import { outcomesOf } from '../plan/outcomes.js';
import type { RunContext } from '../plan/part.js';
import { timingOf } from '../plan/timing.js';
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

interface Ending extends Outcome {
  readonly sendStatus: string | number;
  /** Whether the submission was reported before. */
  readonly isAnnounced: boolean;
}

const SUBMITTED: Ending = {
  weight: 5,
  status: 'pending',
  reason: null,
  code: 'REQUEST_SUCCESS',
  text: 'Submitted.',
  sendStatus: 1,
  isAnnounced: false,
};

const ENDINGS: readonly Ending[] = [
  ending(40, 'delivered', '1', 'DELIVERED', 'ok'),
  ending(10, 'delivered', 'DELIVERED', 'UNKNOW', 'ok'),
  { ...ending(30, 'delivered', 3, 'DELIVERED', 'ok'), isAnnounced: true },
  SUBMITTED,
  { ...ending(5, 'failed', 2, 'UNKNOW', 'Unknown error.'), reason: 'unknown', isAnnounced: true },
  { ...ending(5, 'failed', '2', 'MOBILE_NOT_ON_SERVICE', 'Not in service.'), reason: 'handset' },
  ending(5, 'expired', '6', 'EXPIRED', 'Expired.'),
];

function ending(
  weight: number,
  status: Ending['status'],
  sendStatus: string | number,
  code: string,
  text: string,
): Ending {
  return { weight, status, reason: null, code, text, sendStatus, isAnnounced: false };
}

const QUANTITIES = ['1', '1', '1', '2', '1,2', '1,2,3'];
const SECOND = 1000;

/** Messages of both editions; those of the first one are reported as submitted, and later with their outcome. */
export function planReportsOf2019(context: RunContext, count: number): PlannedMessage<ReportOf2019>[] {
  const { random, tag } = context;
  return Array.from({ length: count }, (_, index) => {
    const { at, sentAt, reportedAt } = timingOf(context, (0.85 * index) / count);
    const number = random.between(0, 9_999);
    const id = bizId(tag, 'of-2019', index);
    const reference = `batch-${tag}`;
    const quantity = random.pick(QUANTITIES);
    const told = outcomesOf(context, ENDINGS);
    const isAnnounced =
      told.some(({ outcome }) => outcome.isAnnounced) && told.every(({ outcome }) => outcome !== SUBMITTED);
    const reports = [...(isAnnounced ? [{ outcome: SUBMITTED, delay: -1, behind: 0 }] : []), ...told].map(
      ({ outcome, delay, behind }, step) => {
        const happenedAt = reportedAt + delay * SECOND;
        return {
          at: Math.min(1, at + behind + 0.1 * step),
          push: {
            PhoneNumber: mainlandNumber(number),
            SendDate: beijingTime(sentAt),
            SmsQuantity: quantity,
            BizId: id,
            ExternalId: reference,
            ReceiveDate: beijingTime(happenedAt),
            SendStatus: outcome.sendStatus,
            ErrorCode: outcome.code,
            ErrorMessage: outcome.text,
          },
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
      },
    );
    return { about: { provider: 'alibaba', channel: 'sms', messageId: id, sender: null }, reports };
  });
}
