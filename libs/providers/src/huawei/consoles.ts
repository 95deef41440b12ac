import type { ConsolePage } from '../canary.js';

/** Where the console, or a request, names the address of each receipt type. */
export const CONSOLES: Readonly<Record<string, ConsolePage>> = {
  BatchStatusReport: {
    where: 'Message & SMS console, Application Management, the application: batch status report address',
    page: 'https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0063.html',
  },
  StatusReport: {
    where: 'not in the console: statusCallback of every request to send',
    page: 'https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0003.html',
  },
  UplinkSms: {
    where: 'Message & SMS console, Application Management, the application (mainland China): uplink SMS address',
    page: 'https://support.huaweicloud.com/api-msgsms/sms_05_0004.html',
  },
};
