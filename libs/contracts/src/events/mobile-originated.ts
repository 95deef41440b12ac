import type { ContentKind, E164, EventOrigin, Extra, Instant, Keyword, TimeOrigin, Uuid } from './vocabulary.js';

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
export interface MessageOriginated extends EventOrigin {
  /** The aggregate: everything that one person sends on one channel. */
  readonly personKey: Uuid;
  /** The provider's id of this message. */
  readonly originId: string | null;
  readonly sender: E164 | null;
  /** The sender exactly as the provider wrote it. */
  readonly senderRaw: string | null;
  readonly senderUserId: string | null;
  readonly senderName: string | null;
  /** The business number, extension or page that it was sent to. */
  readonly addressee: string | null;
  readonly content: MessageContent;
  /** The sender name of the message that was answered, without 【】. */
  readonly smsSignature: string | null;
  readonly keyword: Keyword | null;
  readonly occurredAt: Instant;
  readonly occurredAtFrom: TimeOrigin;
  readonly extra: Extra;
}

/** `io.quittance.message.received.v1`: the same fact for subscribers, once, under the same event id. */
export type MessageReceived = MessageOriginated;
