import type { CanonicalEvent } from '#contracts';
import { bareSignature } from '../event-values.js';
import { hasAny, idText, integerText, isPresent, textOf, verbatimTextOf, withTrimmedKeys } from '../field-readers.js';
import { readJsonElements } from '../json-body.js';
import { originatedSms } from '../originated-sms.js';
import { localTimeToUtc } from '../local-time.js';
import { mainlandNumber } from '../phone-number.js';
import { plausible } from '../plausible-time.js';
import type { JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';

/**
 * A person's reply by SMS. HTTP: https://help.aliyun.com/zh/sms/developer-reference/smsup-http, queue:
 * https://help.aliyun.com/document_detail/101646.html.
 */
export interface SmsUp {
  /** The person. */
  readonly phone_number: string;
  readonly content: string;
  /** `yyyy-MM-dd HH:mm:ss`, Beijing time; one page of 2017 shows `yyyyMMddHHmmss`. */
  readonly send_time: string;
  /** The extension number that was replied to. */
  readonly dest_code: string;
  /** The vendor's pages say string, number and double (so an exponent is possible); seen as an integer. */
  readonly sequence_id: string | number;
  /** The sender name that was answered, with or without 【】; not on every page. */
  readonly sign_name?: string;
}

const KNOWN: ReadonlySet<string> = new Set<keyof SmsUp>([
  'phone_number',
  'content',
  'send_time',
  'dest_code',
  'sequence_id',
  'sign_name',
]);

/** Keys that delivery reports and reviews do not have. */
const CHARACTERISTIC = ['sequence_id', 'dest_code', 'content'] as const;

/** `SmsUp` of the mainland product. */
export const smsUp: ReceiptType = {
  name: 'SmsUp',
  channel: 'sms',
  deadline: 500,
  readElements: readJsonElements,
  map: mapSmsUp,
};

function mapSmsUp(received: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const element = withTrimmedKeys(received);
  const originId = integerText(element.sequence_id);
  const senderRaw = idText(element.phone_number);
  // Without sequence_id two replies of one second would look like one fact, and one of them would be lost.
  if (originId === null || senderRaw === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of an SmsUp');
    return originId === null
      ? unreadableField('sequence_id', element.sequence_id)
      : unreadableField('phone_number', element.phone_number);
  }

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const sendTime = idText(element.send_time);
  const sentAt = sendTime === null ? null : plausible(localTimeToUtc(sendTime, context.timeZone), context);
  if (sentAt === null && isPresent(element.send_time)) extra = withUnreadField(extra, 'send_time', element.send_time);

  const sender = mainlandNumber(senderRaw);
  return originatedSms(
    {
      provider: 'alibaba',
      identifiedBy: [originId, sender.canonical, sendTime],
      originId,
      sender,
      senderRaw,
      addressee: idText(element.dest_code),
      text: verbatimTextOf(element.content),
      smsSignature: bareSignature(textOf(element.sign_name)),
      providerTime: sentAt,
      extra,
    },
    context,
  );
}
