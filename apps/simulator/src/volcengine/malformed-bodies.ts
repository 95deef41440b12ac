import type { MalformedShape } from '../plan/malformed.js';
import { SENDING_ACCOUNT } from './sending-account.js';

/** What cannot be read of Volcengine. */
export const MALFORMED_BODIES: readonly MalformedShape[] = [
  // Without `status_code` nobody can say what became of the message.
  {
    source: 'volcengine-status',
    body: (mark) =>
      JSON.stringify([
        { ...SENDING_ACCOUNT, mobile: '13800000001', channel_type: 'CN_OTP', message_id: mark, msg_count: 1 },
      ]),
  },
];
