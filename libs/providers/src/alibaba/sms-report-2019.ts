import { mainlandNumber } from '../phone-number.js';
import { reportMapper } from './delivery-report.js';
import { outcomeOf, sendStatusId, sendStatusOf } from './outcome.js';

/**
 * A delivery report as the vendor's international site documented it in 2019. One edition of the page numbers the
 * outcomes 1 submitted, 2 failed, 3 delivered (https://www.alibabacloud.com/help/doc-detail/73871.htm, January 2019), the
 * next one `"1"` delivered, `"2"` failed, `"6"` expired, and its sample has a word instead (`DELIVERD`, without quotes:
 * such a body is no JSON, and becomes a dead letter).
 */
export interface ReportOf2019 {
  readonly PhoneNumber: string;
  /** When it was handed to the carrier, `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  readonly SendDate: string;
  /** When the carrier's report came in, same form. */
  readonly ReceiveDate: string;
  readonly SendStatus: string | number;
  /** Says nothing about the outcome: the sample is delivered with `UNKNOW`. */
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
  /** Number of segments, or the list of them: `"1,2,3"`. */
  readonly SmsQuantity: string;
  /** The id that the sending call answered. */
  readonly BizId: string;
  /** The caller's own id (`outId`). */
  readonly ExternalId?: string;
}

/** Maps an element with the keys of `ReportOf2019`. */
export const mapReportOf2019 = reportMapper<keyof ReportOf2019>({
  id: 'BizId',
  recipient: 'PhoneNumber',
  outcome: 'SendStatus',
  code: 'ErrorCode',
  description: 'ErrorMessage',
  segmentCount: 'SmsQuantity',
  reference: 'ExternalId',
  sentAt: 'SendDate',
  reportedAt: 'ReceiveDate',
  numberOf: mainlandNumber,
  outcomeOf: (status, code, context) => outcomeOf(sendStatusOf(status, context.sendStatusOne), code),
  outcomeId: sendStatusId,
});
