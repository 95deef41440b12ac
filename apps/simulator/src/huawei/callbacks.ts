import type { Callback } from '../callbacks.js';
import type { Dialect } from '../dialect.js';
import { answerField } from '../dialect.js';

/**
 * Message & SMS (https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0063.html): an answer is not processed,
 * so nothing is pushed again. How long it waits is not documented: 10 s. What is not answered as its page shows counts as
 * not accepted here, although the vendor would not notice. The page's example closes every connection.
 */
const FORM: Dialect = {
  contentType: 'application/x-www-form-urlencoded',
  limit: 10_000,
  retryAfter: [],
  keepsConnections: false,
  accepts: (body) => answerField(body, 'returnCode') === 0,
};

/** The content type as the page's example writes it. */
const BATCH: Dialect = { ...FORM, contentType: 'application/JSON;charset=UTF-8' };

function callback(receipt: string, dialect: Dialect): Callback {
  return { provider: 'huawei', receipt, dialect, queue: null };
}

/** By the id of the source in quittance.example.yaml. */
export const HUAWEI_CALLBACKS = {
  'huawei-status': callback('BatchStatusReport', BATCH),
  'huawei-status-single': callback('StatusReport', FORM),
  'huawei-uplink': callback('UplinkSms', FORM),
} as const;
