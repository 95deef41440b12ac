import type { CanonicalEvent } from '#contracts';
import { epochSecondsToUtc } from '../epoch-time.js';
import { bareSignature } from '../event-values.js';
import { hasAny, idText, textOf, verbatimTextOf } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { originatedSms } from '../originated-sms.js';
import { plausible } from '../plausible-time.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { splitNumber } from './split-number.js';

/**
 * A person's reply by SMS: https://www.tencentcloud.com/document/product/382/43548. It has no id, so number, extension,
 * text and time are what tells it from others. The oldest form had `port` and neither `nationcode` nor `sign`.
 */
export interface SmsReply {
  /** The extension that was replied to; empty unless it has been switched on. */
  readonly extend?: string;
  /** National number of the person. */
  readonly mobile: string;
  readonly nationcode?: string;
  /** Sender name of the conversation. */
  readonly sign?: string;
  readonly text: string;
  /** Unix seconds. */
  readonly time: number;
  /** The whole number that was replied to. */
  readonly port?: string;
}

const KNOWN: ReadonlySet<string> = new Set<keyof SmsReply>([
  'extend',
  'mobile',
  'nationcode',
  'sign',
  'text',
  'time',
  'port',
]);

/** Keys that delivery reports do not have. */
const CHARACTERISTIC = ['text', 'time', 'sign', 'extend', 'port'] as const;

/** `SmsReply`: one object. */
export const smsReply: ReceiptType = {
  name: 'SmsReply',
  channel: 'sms',
  deadline: 2_000,
  readElements: readJsonElements,
  map: mapSmsReply,
};

function mapSmsReply(element: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const mobile = idText(element.mobile);
  const time = idText(element.time);
  // Without a time two equal replies, on two days, would look like one fact, and one of them would be lost.
  if (mobile === null || time === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of an SmsReply');
    return mobile === null ? unreadableField('mobile', element.mobile) : unreadableField('time', element.time);
  }

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const sentAt = plausible(epochSecondsToUtc(time), context);
  if (sentAt === null) extra = withUnreadField(extra, 'time', element.time);

  const nationCode = idText(element.nationcode);
  const sender = splitNumber(nationCode, mobile);
  if (sender.e164 === null && nationCode !== null) extra = withUnreadField(extra, 'nationcode', nationCode);
  const extension = idText(element.extend);
  return originatedSms(
    {
      provider: 'tencent',
      identifiedBy: [sender.canonical, extension, textOf(element.text), time],
      originId: null,
      sender,
      senderRaw: mobile,
      addressee: idText(element.port) ?? extension,
      text: verbatimTextOf(element.text),
      smsSignature: bareSignature(textOf(element.sign)),
      providerTime: sentAt,
      extra,
    },
    context,
  );
}
