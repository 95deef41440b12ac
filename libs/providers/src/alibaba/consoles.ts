import type { ConsolePage } from '../canary.js';

const SMS = 'Short Message Service console, message receipts,';
const OVERVIEW = 'https://help.aliyun.com/zh/sms/developer-reference/';

function sms(tab: string, page: string): ConsolePage {
  return { where: `${SMS} tab ${tab}: HTTP batch push, Modify`, page };
}

const CHAT: ConsolePage = {
  where:
    'Chat App Message Service console, Channel management, Management of the channel, then its number, service, page or account: Channel Webhook Settings (Set up Webhook), HTTP protocol',
  page: 'https://www.alibabacloud.com/help/en/chatapp/developer-reference/chatappstatus',
};

/** Where the consoles ask for the address of each receipt type. */
export const CONSOLES: Readonly<Record<string, ConsolePage>> = {
  SmsReport: sms('Delivery Reports', 'https://help.aliyun.com/document_detail/101867.html'),
  GlobeSmsReport: sms('Delivery Reports', 'https://help.aliyun.com/zh/sms/globesmsreport'),
  SmsUp: sms('MO Messages', `${OVERVIEW}smsup-http`),
  SignSmsReport: sms('Review Statuses', 'https://help.aliyun.com/document_detail/120998.html'),
  TemplateSmsReport: sms('Review Statuses', 'https://help.aliyun.com/document_detail/120999.htm'),
  MnsCardVender: sms('Delivery Reports', `${OVERVIEW}mnscardvender`),
  MnsCardTemplate: sms('Review Statuses', `${OVERVIEW}mnscardtemplate-1`),
  ChatAppStatus: CHAT,
  ChatAppInbound: CHAT,
  ChatAppAudit: CHAT,
};
