import { CANARY_NUMBER, type MakeCanary } from '../canary.js';

/** Canaries by receipt type. */
export const CANARIES: Readonly<Record<string, MakeCanary>> = {
  StatusReport: ({ messageId, at }) => ({
    contentType: 'application/json;charset=utf-8',
    body: JSON.stringify([
      {
        mobile: CANARY_NUMBER,
        channel_type: 'CN_NTC',
        send_time: at,
        recv_time: at,
        message_id: messageId,
        msg_count: 1,
        status_code: '0',
        description: 'DELIVRD',
      },
    ]),
  }),
};
