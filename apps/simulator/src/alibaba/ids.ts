/** Which product an id belongs to: two of them never give the same one. */
export type Series = 'mainland' | 'of-2019' | 'international' | 'globe';

const SERIES_DIGITS: Readonly<Record<Series, string>> = {
  mainland: '0',
  'of-2019': '1',
  international: '2',
  globe: '3',
};

/** A message id of the international products: 18 digits. */
export function messageId(tag: string, series: Series, index: number): string {
  return `${tag}${SERIES_DIGITS[series]}${String(index).padStart(7, '0')}`;
}

/** A `biz_id` in the vendor's shape: 18 digits and `^0`. */
export function bizId(tag: string, series: Series, index: number): string {
  return `${messageId(tag, series, index)}^0`;
}

/** A `sequence_id`: 15 digits, below 2^53 also as a bare number. */
export function sequenceId(tag: string, index: number): string {
  return `${tag}${String(index).padStart(5, '0')}`;
}

/** An `orderId`, the number of a review's work order. */
export function orderId(tag: string, index: number): string {
  return `${tag}${String(index).padStart(5, '0')}`;
}

/** A `template_code`. */
export function templateCode(tag: string, index: number): string {
  return `SMS_${tag}${String(index).padStart(5, '0')}`;
}

/** A `sign_name`, unique to the run: a review is told from others by it. */
export function signName(tag: string, index: number): string {
  return `示例${tag}-${index}`;
}

/** A `MessageId` of the chat apps, 20 digits. Kinds keep messages, inbound messages and consents apart. */
export function chatMessageId(tag: string, kind: 'message' | 'inbound' | 'consent', index: number): string {
  const digit = { message: '0', inbound: '1', consent: '2' }[kind];
  return `20${tag}${digit}${String(index).padStart(7, '0')}`;
}

/** The id of a WhatsApp business account, 15 digits. */
export function wabaId(tag: string, index: number): string {
  return `1${tag}${String(index).padStart(4, '0')}`;
}

/** Digits as a bare number, as long as every reader gets the same digits back. */
export function bareNumber(digits: string): number | string {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : digits;
}
