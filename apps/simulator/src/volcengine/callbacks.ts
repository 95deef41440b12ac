import type { Callback } from '../callbacks.js';
import type { Dialect } from '../dialect.js';

const SECOND = 1000;

/**
 * SMS (https://www.volcengine.com/docs/6361/171584): 200 is enough, nobody reads the body. Results of reviews are never
 * pushed again (https://www.volcengine.com/docs/6361/171587); of delivery reports nothing is said, so neither are they.
 * No time limit is documented: 3 s.
 */
const ONCE: Dialect = {
  contentType: 'application/json;charset=utf-8',
  limit: 3 * SECOND,
  retryAfter: [],
  keepsConnections: true,
  accepts: () => true,
};

/** Replies come again ten times (https://www.volcengine.com/docs/6361/171585). */
const UPLINK: Dialect = {
  ...ONCE,
  retryAfter: [0, 5, 10, 30, 120, 300, 1_200, 3_600, 21_600, 86_400].map((seconds) => seconds * SECOND),
};

function callback(receipt: string, dialect: Dialect): Callback {
  return { provider: 'volcengine', receipt, dialect, queue: null };
}

/**
 * By the id of the source in quittance.example.yaml. The vendor has no names for its receipts: these are the words of its
 * pages.
 */
export const VOLCENGINE_CALLBACKS = {
  'volcengine-status': callback('StatusReport', ONCE),
  'volcengine-uplink': callback('UplinkSms', UPLINK),
  'volcengine-signature': callback('SignatureReview', ONCE),
  'volcengine-template': callback('TemplateReview', ONCE),
} as const;
