import type { Provider } from '../provider.js';
import { CANARIES } from './canaries.js';
import { CONSOLES } from './consoles.js';
import { chatAppAudit } from './chat-app-audit.js';
import { chatAppInbound } from './chat-app-inbound.js';
import { chatAppStatus } from './chat-app-status.js';
import { CHAT_APP_FAILURES } from './chat-app-status-map.js';
import { cardSubmission, namedChatAppSubmission, numberedChatAppSubmission, smsSubmission } from './message.js';
import { mnsCardTemplate } from './mns-card-template.js';
import { mnsCardVender } from './mns-card-vender.js';
import { signSmsReport } from './sign-sms-report.js';
import { globeSmsReport, smsReport } from './sms-report.js';
import { smsUp } from './sms-up.js';
import { meaningOf } from './status-map.js';
import { templateSmsReport } from './template-sms-report.js';

/**
 * Alibaba Cloud Short Message Service, which gives a push 700 ms, so 503 goes out after 500, and Chat App Message Service,
 * which gives it 3 s. Neither signs anything. The pages of the first ask for status 200 and a body with a number `code`.
 */
export const alibaba: Provider = {
  id: 'alibaba',
  receiptTypes: {
    SmsReport: smsReport,
    GlobeSmsReport: globeSmsReport,
    SmsUp: smsUp,
    SignSmsReport: signSmsReport,
    TemplateSmsReport: templateSmsReport,
    ChatAppStatus: chatAppStatus,
    ChatAppInbound: chatAppInbound,
    ChatAppAudit: chatAppAudit,
    MnsCardVender: mnsCardVender,
    MnsCardTemplate: mnsCardTemplate,
  },
  submissions: {
    sms: smsSubmission,
    'card-sms': cardSubmission,
    whatsapp: numberedChatAppSubmission,
    viber: numberedChatAppSubmission,
    messenger: namedChatAppSubmission,
    instagram: namedChatAppSubmission,
  },
  queues: 'mns',
  answer: { status: 200, contentType: 'application/json', body: '{"code":0,"msg":"ok"}' },
  knowsCode: (code) => meaningOf(code) !== undefined || CHAT_APP_FAILURES.has(code),
  canaries: CANARIES,
  consoles: CONSOLES,
};
