import type { MalformedShape } from '../plan/malformed.js';

/** What cannot be read of Alibaba Cloud. */
export const MALFORMED_BODIES: readonly MalformedShape[] = [
  // Cut off in the middle, as by a proxy that gave up.
  {
    source: 'ali-sms-report',
    body: (mark) => `[{"phone_number":"13800000001","success":true,"out_id":"${mark}"`,
  },
  // An element that is no object.
  { source: 'ali-sms-report', body: (mark) => JSON.stringify([mark]) },
  // Without `biz_id` nobody can say which message it is about.
  {
    source: 'ali-sms-report',
    body: (mark) =>
      JSON.stringify([
        {
          phone_number: '13800000001',
          send_time: '2026-07-09 11:01:20',
          report_time: '2026-07-09 11:01:33',
          success: true,
          err_code: 'DELIVERED',
          err_msg: '用户接收成功',
          sms_size: '1',
          out_id: mark,
        },
      ]),
  },
  // JSON, but nothing that holds receipts.
  { source: 'ali-sms-report', body: (mark) => JSON.stringify(mark) },
  // The sample of the page of 2019: a word without quotes.
  {
    source: 'ali-sms-report-2019',
    body: (mark) =>
      `[{"PhoneNumber":"13800000001","SendStatus":DELIVERD,"BizId":"1234567^0","SmsQuantity":"1,2,3","ExternalId":"${mark}"}]`,
  },
  // A message of a person, pushed to the address for statuses.
  {
    source: 'ali-chat-status',
    body: (mark) =>
      JSON.stringify([{ MessageId: mark, From: '8613800000001', To: '8613100000008', Type: 'TEXT', Message: 'hello' }]),
  },
];
