import type { CanonicalEvent } from '#contracts';
import { hasAny, idText, isPresent, textOf, verbatimTextOf } from '../field-readers.js';
import { readFormElements } from '../form-body.js';
import { originatedSms } from '../originated-sms.js';
import { mainlandNumber } from '../phone-number.js';
import { plausible } from '../plausible-time.js';
import type { Elements, JsonObject, ReceiptContext, ReceiptType, Unreadable } from '../provider.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { utcTime } from './utc-time.js';

/**
 * A person's reply by SMS, from mainland China only: https://support.huaweicloud.com/api-msgsms/sms_05_0004.html. It
 * carries no `extend`: nothing ties it to a message but the two numbers.
 */
export interface UplinkSms {
  /** Id of this message; has nothing to do with that of any message that was sent. */
  readonly smsMsgId: string;
  /** The person. */
  readonly from: string;
  /** The access number with the extension that was replied to. */
  readonly to: string;
  readonly body: string;
  /** UTC; only where the application has it switched on. */
  readonly createTime?: string;
}

const KNOWN: ReadonlySet<string> = new Set<keyof UplinkSms>(['smsMsgId', 'from', 'to', 'body', 'createTime']);

/** Keys that delivery reports do not have. */
const CHARACTERISTIC = ['from', 'body', 'createTime'] as const;

const BODY = { numbers: new Set(['from']) } as const;

/** `UplinkSms`, a form. */
export const uplinkSms: ReceiptType = {
  name: 'UplinkSms',
  channel: 'sms',
  deadline: 5_000,
  readElements,
  map: mapUplinkSms,
};

function readElements(body: Buffer): Elements | Unreadable {
  return readFormElements(body, BODY);
}

function mapUplinkSms(element: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable {
  const originId = idText(element.smsMsgId);
  const senderRaw = idText(element.from);
  if (originId === null || senderRaw === null) {
    if (!hasAny(element, CHARACTERISTIC)) return unreadable('RECEIPT_TYPE_MISMATCH', 'no key of an uplink SMS');
    return originId === null ? unreadableField('smsMsgId', element.smsMsgId) : unreadableField('from', element.from);
  }

  let extra = unknownFields(element, KNOWN);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const createTime = textOf(element.createTime);
  const createdAt = createTime === null ? null : plausible(utcTime(createTime), context);
  if (createdAt === null && isPresent(element.createTime)) {
    extra = withUnreadField(extra, 'createTime', element.createTime);
  }

  const sender = mainlandNumber(senderRaw);
  return originatedSms(
    {
      provider: 'huawei',
      identifiedBy: [originId],
      originId,
      sender,
      senderRaw,
      addressee: idText(element.to),
      text: verbatimTextOf(element.body),
      smsSignature: null,
      providerTime: createdAt,
      extra,
    },
    context,
  );
}
