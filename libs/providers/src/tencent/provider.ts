import type { Provider } from '../provider.js';
import { CANARIES } from './canaries.js';
import { CONSOLES } from './consoles.js';
import { smsSubmission } from './message.js';
import { smsReply } from './sms-reply.js';
import { smsStatus } from './sms-status.js';
import { CODE_MEANINGS } from './status-map.js';

/** Tencent Cloud SMS. It signs nothing, and repeats a push twice if it is not answered with these bytes. */
export const tencent: Provider = {
  id: 'tencent',
  receiptTypes: { SmsStatus: smsStatus, SmsReply: smsReply },
  submissions: { sms: smsSubmission },
  answer: { status: 200, contentType: 'application/json', body: '{"result":0,"errmsg":"OK"}' },
  knowsCode: (code) => CODE_MEANINGS.has(code),
  canaries: CANARIES,
  consoles: CONSOLES,
};
