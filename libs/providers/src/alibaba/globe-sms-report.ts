import { idText } from '../field-readers.js';
import { internationalNumber } from '../phone-number.js';
import { reportMapper } from './delivery-report.js';
import { outcomeOf, sendStatusOf } from './outcome.js';

/**
 * A delivery report for older customers of the mainland site who send abroad:
 * https://help.aliyun.com/zh/sms/globesmsreport. Documented for queues only; taken by HTTP as well.
 */
export interface GlobeReport {
  /** Recipient: country code and number, no plus. */
  readonly to: string;
  /** `"1"` delivered, `"2"` failed. Nothing says that 1 was ever "submitted" here. */
  readonly status: string;
  /** The id that the sending call answered. */
  readonly message_id: string;
  /** When it was handed to the carrier, `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  readonly send_date: string;
  /** When the carrier's report came in, same form. */
  readonly receive_date: string;
  readonly error_code: string;
  readonly error_description: string;
}

/** Maps an element with the keys of `GlobeReport`. */
export const mapGlobeReport = reportMapper<keyof GlobeReport>({
  id: 'message_id',
  recipient: 'to',
  outcome: 'status',
  code: 'error_code',
  description: 'error_description',
  segmentCount: null,
  reference: null,
  sentAt: 'send_date',
  reportedAt: 'receive_date',
  numberOf: internationalNumber,
  outcomeOf: (status, code) => outcomeOf(sendStatusOf(status, 'delivered'), code),
  outcomeId: (status) => idText(status)?.toUpperCase() ?? null,
});
