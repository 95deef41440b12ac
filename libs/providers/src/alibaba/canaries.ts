import { CANARY_NUMBER, localTimeText, type MakeCanary } from '../canary.js';

const JSON_TYPE = 'application/json;charset=UTF-8';
const BEIJING = 'Asia/Shanghai';

/** Canaries by receipt type: of deliveries only, because what people write and what is reviewed have no ids to be told by. */
export const CANARIES: Readonly<Record<string, MakeCanary>> = {
  SmsReport: ({ messageId, at }) => ({
    contentType: JSON_TYPE,
    body: JSON.stringify([
      {
        phone_number: CANARY_NUMBER,
        send_time: localTimeText(at, BEIJING),
        report_time: localTimeText(at, BEIJING),
        success: true,
        err_code: 'DELIVERED',
        err_msg: '',
        sms_size: '1',
        biz_id: messageId,
        out_id: messageId,
      },
    ]),
  }),
  GlobeSmsReport: ({ messageId, at }) => ({
    contentType: JSON_TYPE,
    body: JSON.stringify([
      {
        to: `86${CANARY_NUMBER}`,
        status: '1',
        message_id: messageId,
        send_date: localTimeText(at, BEIJING),
        receive_date: localTimeText(at, BEIJING),
        error_code: 'DELIVERED',
        error_description: '',
      },
    ]),
  }),
  ChatAppStatus: ({ messageId, at, sender }) => ({
    contentType: JSON_TYPE,
    body: JSON.stringify([
      {
        MessageId: messageId,
        From: sender ?? CANARY_NUMBER,
        To: `86${CANARY_NUMBER}`,
        Timestamp: at,
        Status: 'delivered',
      },
    ]),
  }),
};
