import type { Provider } from '../provider.js';
import { CANARIES } from './canaries.js';
import { CONSOLES } from './consoles.js';
import { smsSubmission } from './message.js';
import { signatureReview, templateReview } from './review.js';
import { CODE_MEANINGS } from './status-map.js';
import { statusReport } from './status-report.js';
import { uplinkSms } from './uplink-sms.js';

/** Volcengine SMS. It signs nothing, looks at the status of an answer only, and repeats nothing but uplink messages. */
export const volcengine: Provider = {
  id: 'volcengine',
  receiptTypes: {
    StatusReport: statusReport,
    UplinkSms: uplinkSms,
    SignatureReview: signatureReview,
    TemplateReview: templateReview,
  },
  submissions: { sms: smsSubmission },
  answer: { status: 200, contentType: 'application/json', body: '{}' },
  knowsCode: (code) => CODE_MEANINGS.has(code),
  canaries: CANARIES,
  consoles: CONSOLES,
};
