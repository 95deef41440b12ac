/**
 * The words that canonical events are written in. Within v1 values may be added to any of these lists: a subscriber
 * treats a value that it does not know as `unknown`.
 */

/** The messaging vendor that a receipt came from. */
export type ProviderId = 'alibaba' | 'huawei' | 'tencent' | 'volcengine';

/** How the message travelled. `card-sms` is the rich card that some handset makers render instead of an SMS. */
export type Channel = 'sms' | 'card-sms' | 'whatsapp' | 'viber' | 'messenger' | 'instagram';

/**
 * What became of a message, weakest first: `pending` accepted by the provider, `sent` handed to the carrier,
 * `delivered` on the handset, `rendered` shown as a card, `read` opened by the person. `failed`, `expired` and
 * `deleted` are the ways not to arrive; `unknown` means that the provider gave no outcome.
 */
export type MessageStatus =
  'pending' | 'sent' | 'delivered' | 'rendered' | 'read' | 'failed' | 'expired' | 'deleted' | 'unknown';

/**
 * Why a message did not arrive: `handset` off, full or faulty; `number` does not exist or is not in service;
 * `blocked` by a list or by the person; `content` or sender name refused; `throttled` by a limit; `route` to the
 * carrier missing; `config` of the account wrong; `duplicate` of another message; `no-receipt` in the time allowed
 * (said by Quittance itself); `unknown` no cause given, or a code that is not in our map.
 */
export type StatusReason =
  | 'handset'
  | 'number'
  | 'blocked'
  | 'content'
  | 'throttled'
  | 'route'
  | 'config'
  | 'duplicate'
  | 'no-receipt'
  | 'unknown';

/** Whether sending again makes sense: `never`, `later`, `after-fix` (something at the sender's end is wrong). */
export type RetryAdvice = 'never' | 'later' | 'after-fix' | 'unknown';

/** Who made the report. */
export type ReportedBy = 'carrier' | 'provider' | 'quittance';

/** Where `occurredAt` comes from: the provider's own time, or the moment when we first saw the receipt. */
export type TimeOrigin = 'provider' | 'observed';

/** What kind of content a person sent. */
export type ContentKind =
  'text' | 'image' | 'video' | 'audio' | 'document' | 'location' | 'contacts' | 'reply' | 'system' | 'unknown';

/** An opt-out, opt-in or help word that the text consists of. */
export type Keyword = 'stop' | 'start' | 'help';

/** What is reviewed. */
export type ReviewSubjectKind = 'sms-signature' | 'sms-template' | 'card-template' | 'chat-template';

/** Where a review stands. */
export type ReviewStatus = 'pending' | 'approved' | 'rejected' | 'paused' | 'disabled' | 'unknown';

/** What an account notice is about. */
export type AccountSubjectKind = 'business-account' | 'phone-number' | 'template' | 'person';

/** Which side of it the notice describes. */
export type AccountAspect = 'display-name' | 'quality' | 'review' | 'restriction' | 'category' | 'subscription';

/**
 * A UUID of version 5.
 * @format uuid
 */
export type Uuid = string;

/**
 * A moment in UTC, RFC 3339 with milliseconds.
 * @pattern ^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$
 */
export type Instant = string;

/**
 * A telephone number in E.164, only where the provider's format makes the country certain.
 * @pattern ^\+[1-9]\d{3,14}$
 */
export type E164 = string;

/**
 * A number of things, or a place in a sequence.
 * @asType integer
 * @minimum 0
 */
export type Count = number;

/** Your own labels of the account and sender, as configured. */
export type Labels = Readonly<Record<string, string>>;

/** Whatever the provider sent beside the fields that we know, lossless. May hold personal data. */
export type Extra = Readonly<Record<string, unknown>>;

/** What every event says first. */
export interface EventOrigin {
  /** The messaging vendor. */
  readonly provider: ProviderId;
  /** Your name for the account at that vendor. */
  readonly account: string;
  readonly channel: Channel;
  readonly labels: Labels;
}
