import type { Callback } from '../callbacks.js';
import type { Dialect } from '../dialect.js';
import { answerField } from '../dialect.js';

const MINUTE = 60_000;

/**
 * Short Message Service: "700 ms" and pushes again after 1, 5 and 10 minutes ("Configure delivery receipts",
 * https://help.aliyun.com/en/sms/developer-reference/configure-delivery-receipts-1). The answer must be 200 with a
 * number `code`, whichever (https://help.aliyun.com/document_detail/101867.html).
 */
const MAINLAND: Dialect = {
  contentType: 'application/json;charset=utf-8',
  limit: 700,
  retryAfter: [MINUTE, 5 * MINUTE, 10 * MINUTE],
  keepsConnections: true,
  accepts: (body) => typeof answerField(body, 'code') === 'number',
};

/**
 * The international product gives up after three pushes (https://help.aliyun.com/zh/sms/smsreport-http-intl). It states
 * no limit for the answer: that of the mainland is taken.
 */
const INTERNATIONAL: Dialect = { ...MAINLAND, retryAfter: [MINUTE, 5 * MINUTE] };

/**
 * Chat App Message Service: 3 s (https://www.alibabacloud.com/help/es/chatapp/developer-reference/chatappstatus-1), and
 * 200 is enough. When it pushes again is not documented: as the other product does.
 */
const CHAT_APP: Dialect = { ...MAINLAND, limit: 3_000, accepts: () => true };

/** Queues belong to the vendor, who names them after the customer and what they hold. These two customers are made up. */
const MAINLAND_QUEUE = 'Alicom-Queue-1000000000000001-';
const INTERNATIONAL_QUEUE = 'Alicom-Queue-1000000000000002-';

function callback(receipt: string, dialect: Dialect, queue: string | null = MAINLAND_QUEUE + receipt): Callback {
  return { provider: 'alibaba', receipt, dialect, queue };
}

/** By the id of the source in quittance.example.yaml. */
export const ALIBABA_CALLBACKS = {
  'ali-sms-report': callback('SmsReport', MAINLAND),
  'ali-sms-report-2019': callback('SmsReport', MAINLAND, null),
  'ali-sms-report-intl': callback('SmsReport', INTERNATIONAL, `${INTERNATIONAL_QUEUE}SmsReport`),
  'ali-globe-report': callback('GlobeSmsReport', INTERNATIONAL),
  'ali-sms-up': callback('SmsUp', MAINLAND),
  'ali-sign-report': callback('SignSmsReport', MAINLAND),
  'ali-template-report': callback('TemplateSmsReport', MAINLAND),
  'ali-card-render': callback('MnsCardVender', MAINLAND),
  'ali-card-template': callback('MnsCardTemplate', MAINLAND),
  'ali-chat-status': callback('ChatAppStatus', CHAT_APP),
  'ali-chat-inbound': callback('ChatAppInbound', CHAT_APP),
  'ali-chat-audit': callback('ChatAppAudit', CHAT_APP),
} as const;
