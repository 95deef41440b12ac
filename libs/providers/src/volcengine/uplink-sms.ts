import type { CanonicalEvent } from '#contracts';
import { epochMillisecondsToUtc } from '../epoch-time.js';
import { bareSignature } from '../event-values.js';
import { hasAny, idText, textOf, verbatimTextOf } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { originatedSms } from '../originated-sms.js';
import { plausible } from '../plausible-time.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { numberOf } from './number.js';

/**
 * A person's reply by SMS: https://www.volcengine.com/docs/6361/171585. It has no id, so number, access number, text and
 * time are what tells it from others. `account`, `sub_account`, `channel_type` and `ext` (the tag of the message that
 * was answered) go to `extra`.
 */
export interface UplinkSms {
  readonly mobile: string;
  readonly content: string;
  /** When the reply was received, Unix ms. */
  readonly recv_time: number;
  /** Sender name of the message that was answered; empty where there was none. */
  readonly signature?: string;
  /** The number that was replied to. */
  readonly service_id?: string;
  /** `CN_OTP` and others. */
  readonly channel_type?: string;
}

const KNOWN: ReadonlySet<string> = new Set<Exclude<keyof UplinkSms, 'channel_type'>>([
  'mobile',
  'content',
  'recv_time',
  'signature',
  'service_id',
]);

/** Keys that together only uplink messages have. */
const CHARACTERISTIC = ['content'] as const;

/** `UplinkSms`: an array. */
export const uplinkSms: ReceiptType = {
  name: 'UplinkSms',
  channel: 'sms',
  deadline: 2_000,
  readElements: readJsonElements,
  map: mapUplinkSms,
};

function mapUplinkSms(element: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of an uplink SMS');
  const mobile = idText(element.mobile);
  if (mobile === null) return unreadableField('mobile', element.mobile);
  // Without a time two equal replies, on two days, would look like one fact, and one of them would be lost.
  const time = idText(element.recv_time);
  if (time === null) return unreadableField('recv_time', element.recv_time);

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const receivedAt = plausible(epochMillisecondsToUtc(element.recv_time), context);
  if (receivedAt === null) extra = withUnreadField(extra, 'recv_time', element.recv_time);

  const addressee = idText(element.service_id);
  const sender = numberOf(mobile, textOf(element.channel_type));
  return originatedSms(
    {
      provider: 'volcengine',
      identifiedBy: [sender.canonical, addressee, textOf(element.content), time],
      originId: null,
      sender,
      senderRaw: mobile,
      addressee,
      text: verbatimTextOf(element.content),
      smsSignature: bareSignature(textOf(element.signature)),
      providerTime: receivedAt,
      extra,
    },
    context,
  );
}
