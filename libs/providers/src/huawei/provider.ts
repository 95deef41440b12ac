import type { Provider } from '../provider.js';
import { CANARIES } from './canaries.js';
import { CONSOLES } from './consoles.js';
import { smsSubmission } from './message.js';
import { CODE_MEANINGS } from './status-map.js';
import { batchStatusReport, statusReport } from './status-report.js';
import { uplinkSms } from './uplink-sms.js';
import { checkSignature, signPush } from './webhook-signature.js';

/**
 * Huawei Cloud Message & SMS. It reads no answer and documents no repetition: what is not taken the first time is
 * gone. It signs pushes where the application has a push key pair.
 */
export const huawei: Provider = {
  id: 'huawei',
  receiptTypes: { BatchStatusReport: batchStatusReport, StatusReport: statusReport, UplinkSms: uplinkSms },
  submissions: { sms: smsSubmission },
  answer: { status: 200, contentType: 'application/json', body: '{"returnCode":0,"returnCodeDesc":"Success"}' },
  knowsCode: (code) => CODE_MEANINGS.has(code.toUpperCase()),
  canaries: CANARIES,
  consoles: CONSOLES,
  checkSignature,
  signPush,
  pushesOnce: true,
};
