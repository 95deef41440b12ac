import type { ConsolePage } from '../canary.js';

const EVENTS = 'SMS console, Application Management, the application, event callback configuration:';

/** Where the console asks for the address of each receipt type. */
export const CONSOLES: Readonly<Record<string, ConsolePage>> = {
  SmsStatus: {
    where: `${EVENTS} SMS status callback`,
    page: 'https://www.tencentcloud.com/document/product/382/43547',
  },
  SmsReply: {
    where: `${EVENTS} SMS reply callback`,
    page: 'https://www.tencentcloud.com/document/product/382/43548',
  },
};
