import type { Callback } from '../callbacks.js';
import type { Dialect } from '../dialect.js';
import { answerField } from '../dialect.js';

const MINUTE = 60_000;

/**
 * SMS (https://www.tencentcloud.com/document/product/382/43547): the answer's `result` must be 0, else it pushes twice
 * more (https://cloud.tencent.com/document/api/382/59178). Neither interval nor time limit is documented: a minute, 3 s.
 */
const DIALECT: Dialect = {
  contentType: 'application/json',
  limit: 3_000,
  retryAfter: [MINUTE, MINUTE],
  keepsConnections: true,
  accepts: (body) => answerField(body, 'result') === 0,
};

function callback(receipt: string): Callback {
  return { provider: 'tencent', receipt, dialect: DIALECT, queue: null };
}

/** By the id of the source in quittance.example.yaml. */
export const TENCENT_CALLBACKS = {
  'tencent-status': callback('SmsStatus'),
  'tencent-reply': callback('SmsReply'),
} as const;
