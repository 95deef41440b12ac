import { internationalNumber } from '../phone-number.js';
import { reportMapper } from './delivery-report.js';
import { outcomeOf, sendStatusId, sendStatusOf } from './outcome.js';

/**
 * A delivery report of the international product (API version 2018-05-01). HTTP:
 * https://help.aliyun.com/zh/sms/smsreport-http-intl, queue: https://help.aliyun.com/zh/sms/smsreport-mns-intl. Its first
 * edition numbers the outcomes 1 submitted, 2 failed, 3 delivered and adds `NumberDetail` with country and carrier
 * (https://www.alibabacloud.com/help/doc-detail/106598.htm, December 2018).
 */
export interface InternationalReport {
  /** Recipient: country code and number, no plus. */
  readonly To: string;
  /** `"1"` delivered, `"2"` failed, `"6"` expired */
  readonly Status: string | number;
  /** The id that the sending call answered. */
  readonly MessageId: string;
  /** Number of segments; not on every page. */
  readonly SmsSize?: string;
  /** The caller's own id; not on every page. */
  readonly TaskId?: string;
  /** When it was handed to the carrier: RFC 2822 with an offset. */
  readonly SendDate: string;
  /** When the carrier's report came in, same form. */
  readonly ReceiveDate: string;
  /** `success` in the samples of delivered messages. */
  readonly ErrorCode: string;
  readonly ErrorDescription: string;
}

/** Maps an element with the keys of `InternationalReport`. */
export const mapInternationalReport = reportMapper<keyof InternationalReport>({
  id: 'MessageId',
  recipient: 'To',
  outcome: 'Status',
  code: 'ErrorCode',
  description: 'ErrorDescription',
  segmentCount: 'SmsSize',
  reference: 'TaskId',
  sentAt: 'SendDate',
  reportedAt: 'ReceiveDate',
  numberOf: internationalNumber,
  outcomeOf: (status, code, context) => outcomeOf(sendStatusOf(status, context.sendStatusOne), code),
  outcomeId: sendStatusId,
});
