import { CANARY_NUMBER, localTimeText, type MakeCanary } from '../canary.js';

/** Canaries by receipt type. */
export const CANARIES: Readonly<Record<string, MakeCanary>> = {
  SmsStatus: ({ messageId, at }) => ({
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify([
      {
        user_receive_time: localTimeText(at, 'Asia/Shanghai'),
        nationcode: '86',
        mobile: CANARY_NUMBER,
        report_status: 'SUCCESS',
        errmsg: 'DELIVRD',
        description: '',
        sid: messageId,
      },
    ]),
  }),
};
