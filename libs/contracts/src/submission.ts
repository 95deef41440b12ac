import type { Channel, ProviderId } from './events/vocabulary.js';

/**
 * A record of `quittance.submissions.v1`: what a sending service tells about one message that a provider has taken from
 * it. Written by others, so this is what they may rely on: fields are only ever added, and those of a later version are
 * not looked at by an earlier one.
 */
export interface Submission {
  readonly provider: ProviderId;
  /** Our name for the account at that provider, as configured. */
  readonly account: string;
  /**
   * Default: that of `sender` where the configuration lists it, else the only one that the provider, or the account, has.
   * Where there are several it is needed.
   */
  readonly channel?: Channel | null;
  /**
   * The id that the provider answered for this message: BizId or MessageId of Alibaba Cloud, smsMsgId of Huawei Cloud,
   * SerialNo of Tencent Cloud, MessageID of Volcengine.
   * @minLength 1
   */
  readonly messageId: string;
  /**
   * The person it goes to, as E.164 with a plus; where the channel has no numbers, the channel's id of the person.
   * @minLength 1
   */
  readonly recipient: string;
  /** The business number, page or sender name that it is sent from. */
  readonly sender?: string | null;
  /** The sending service's own id of the message. Cards are found by the one that was given as OutId: there it must be. */
  readonly reference?: string | null;
  /**
   * When the provider took it: RFC 3339, in any zone.
   * @format date-time
   */
  readonly submittedAt: string;
  /**
   * How long to wait for a final report before Quittance itself says `expired`: an ISO 8601 duration of weeks, days,
   * hours, minutes and seconds, at most 90 days. Default: the account's, else 72 hours.
   * @format duration
   */
  readonly expectReportWithin?: string | null;
}

/** File name, below docs/contracts, of the JSON Schema of a submission. */
export const SUBMISSION_SCHEMA_FILE = 'submission.v1.schema.json';
