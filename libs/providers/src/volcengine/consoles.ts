import type { ConsolePage } from '../canary.js';

function callback(name: string, page: string): ConsolePage {
  return { where: `SMS console, the message group, callback settings: ${name}`, page };
}

/** Where the console asks for the address of each receipt type. */
export const CONSOLES: Readonly<Record<string, ConsolePage>> = {
  StatusReport: callback('delivery reports', 'https://www.volcengine.com/docs/6361/171584'),
  UplinkSms: callback('uplink messages', 'https://www.volcengine.com/docs/6361/171585'),
  SignatureReview: callback('signature reviews', 'https://www.volcengine.com/docs/6361/1866413'),
  TemplateReview: callback('template reviews', 'https://www.volcengine.com/docs/6361/171588'),
};
