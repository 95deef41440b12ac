import type { Provider } from '../provider.js';
import { signSmsReport } from './sign-sms-report.js';
import { smsReport } from './sms-report.js';
import { smsUp } from './sms-up.js';
import { templateSmsReport } from './template-sms-report.js';

/**
 * Alibaba Cloud Short Message Service. It gives a push 700 ms, so 503 goes out after 500. It signs nothing. Its pages
 * ask for status 200 and a body with a number `code`.
 */
export const alibaba: Provider = {
  id: 'alibaba',
  receiptTypes: {
    SmsReport: smsReport,
    SmsUp: smsUp,
    SignSmsReport: signSmsReport,
    TemplateSmsReport: templateSmsReport,
  },
  answer: { status: 200, contentType: 'application/json', body: '{"code":0,"msg":"ok"}' },
};
