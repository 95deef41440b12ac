import type {
  Channel,
  ContentKind,
  E164,
  EventOrigin,
  Extra,
  Instant,
  Keyword,
  Labels,
  ProviderId,
  TimeOrigin,
  Uuid,
} from './vocabulary.js';

/** What a person sent. Exactly the members that the kind needs are filled in. */
export interface MessageContent {
  readonly kind: ContentKind;
  readonly text: string | null;
  /** A file: its address at the provider, type and name, as far as given. */
  readonly media: Readonly<Record<string, unknown>> | null;
  readonly location: Readonly<Record<string, unknown>> | null;
  /** The button that was pressed or the message that was answered. */
  readonly reply: Readonly<Record<string, unknown>> | null;
}

/** `io.quittance.message.originated.v1`: a person sent a message: a reply by SMS, an inbound chat message. */
export class MessageOriginated implements EventOrigin {
  declare readonly provider: ProviderId;
  declare readonly account: string;
  declare readonly channel: Channel;
  declare readonly labels: Labels;
  /** The aggregate: everything that one person sends on one channel. */
  declare readonly personKey: Uuid;
  /** The provider's id of this message. */
  declare readonly originId: string | null;
  declare readonly sender: E164 | null;
  /** The sender exactly as the provider wrote it. */
  declare readonly senderRaw: string | null;
  declare readonly senderUserId: string | null;
  declare readonly senderName: string | null;
  /** The business number, extension or page that it was sent to. */
  declare readonly addressee: string | null;
  declare readonly content: MessageContent;
  /** The sender name of the message that was answered, without 【】. */
  declare readonly smsSignature: string | null;
  declare readonly keyword: Keyword | null;
  declare readonly occurredAt: Instant;
  declare readonly occurredAtFrom: TimeOrigin;
  declare readonly extra: Extra;
}

/** `io.quittance.message.received.v1`: the same fact for subscribers, once, under the same event id. */
export class MessageReceived extends MessageOriginated {}
