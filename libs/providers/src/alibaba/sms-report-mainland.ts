import { mainlandNumber } from '../phone-number.js';
import { reportMapper } from './delivery-report.js';
import { outcomeOf, successId, successOf } from './outcome.js';

/**
 * A delivery report for a message to mainland China, as documented; every field may also come as another JSON type.
 * HTTP: https://help.aliyun.com/document_detail/101867.html, queue: https://help.aliyun.com/document_detail/101641.htm.
 * Number verification (`DypnsSmsVerifyReport`) has the same fields:
 * https://help.aliyun.com/zh/pnvs/developer-reference/dypnssmsverifyreport-http.
 */
export interface MainlandReport {
  /** Recipient, 11 digits. */
  readonly phone_number: string;
  /** When it was handed to the carrier, `yyyy-MM-dd HH:mm:ss`, Beijing time. */
  readonly send_time: string;
  /** When the carrier's report came in, same form. */
  readonly report_time: string;
  readonly success: boolean;
  /** status-map.ts */
  readonly err_code: string;
  readonly err_msg: string;
  /** Number of segments as text, `"1"`. */
  readonly sms_size: string;
  /** The id that SendSms answered; one for all recipients of a batch. */
  readonly biz_id: string;
  /** The caller's own id; the key is absent when none was given. */
  readonly out_id?: string;
}

/** Maps an element with the keys of `MainlandReport`. */
export const mapMainlandReport = reportMapper<keyof MainlandReport>({
  id: 'biz_id',
  recipient: 'phone_number',
  outcome: 'success',
  code: 'err_code',
  description: 'err_msg',
  segmentCount: 'sms_size',
  reference: 'out_id',
  sentAt: 'send_time',
  reportedAt: 'report_time',
  numberOf: mainlandNumber,
  outcomeOf: (success, code) => outcomeOf(successOf(success, code), code),
  outcomeId: successId,
});
