import type { Provider } from '../callbacks.js';

/** How something travelled. */
export type Channel = 'sms' | 'card-sms' | 'whatsapp' | 'viber' | 'messenger' | 'instagram';

/** What becomes of a message. */
export type MessageStatus = 'pending' | 'sent' | 'delivered' | 'rendered' | 'read' | 'failed' | 'expired' | 'deleted';

/** Why a message did not arrive. */
export type LossReason = 'handset' | 'number' | 'blocked' | 'content' | 'throttled' | 'route' | 'config' | 'unknown';

/** What becomes of a review. */
export type ReviewStatus = 'pending' | 'approved' | 'rejected' | 'paused' | 'disabled';

/** What a reply asks for, where it is nothing but that. */
export type Keyword = 'stop' | 'start' | 'help';

/** What must be known of a message in the end. Times are RFC 3339, UTC, milliseconds. */
export interface MessageTruth {
  readonly kind: 'message';
  readonly provider: Provider;
  readonly channel: Channel;
  /** The vendor's id; null where it has none (cards: the reference tells them apart). */
  readonly messageId: string | null;
  /** E.164 with a plus where the country is certain, else as the vendor writes it; null where no report says it. */
  readonly recipient: string | null;
  /** The business number or page; null where no report says it. */
  readonly sender: string | null;
  /** The caller's own id. */
  readonly reference: string | null;
  readonly status: MessageStatus;
  /** Nothing more is expected. */
  readonly final: boolean;
  readonly reason: LossReason | null;
  /** The vendor's code in the report that decides. */
  readonly code: string | null;
  /** Reported as arrived and as lost. */
  readonly conflict: boolean;
  readonly sentAt: string | null;
  /** Null: no report says it, so it happened when it was received. */
  readonly occurredAt: string | null;
}

/** A message of a person. */
export interface ReplyTruth {
  readonly kind: 'reply';
  readonly provider: Provider;
  readonly channel: Channel;
  /** The vendor's id; null where it has none (the addressee is then another one for every reply). */
  readonly originId: string | null;
  /** As `recipient` of a message. */
  readonly sender: string;
  readonly addressee: string;
  /** Null: there were no words. */
  readonly text: string | null;
  readonly keyword: Keyword | null;
  readonly occurredAt: string | null;
}

/** How a review stands in the end. */
export interface ReviewTruth {
  readonly kind: 'review';
  readonly provider: Provider;
  readonly subject: 'sms-signature' | 'sms-template' | 'card-template' | 'chat-template';
  readonly id: string;
  /** The work order that decides; null where there are none. */
  readonly workOrder: string | null;
  readonly status: ReviewStatus;
  /** The vendor's words, where it gives any. */
  readonly reason: string | null;
  /** Null: no report says it. */
  readonly occurredAt: string | null;
}

/** What the last notice about one side of something says. */
export interface NoticeTruth {
  readonly kind: 'notice';
  readonly provider: Provider;
  readonly channel: Channel;
  readonly subject: 'business-account' | 'phone-number' | 'template' | 'person';
  readonly id: string;
  readonly aspect: 'display-name' | 'quality' | 'review' | 'restriction' | 'category' | 'subscription';
  readonly value: string;
  readonly occurredAt: string | null;
}

/** A body that nobody can read in full: it must end as exactly one dead letter. */
export interface PoisonTruth {
  readonly kind: 'poison';
  readonly source: string;
  readonly door: 'push' | 'queue';
  /** Text that it holds and nothing else does. */
  readonly mark: string;
  readonly body: string;
}

/** One thing of a run, and what is true of it when everything has come. */
export type Truth = MessageTruth | ReplyTruth | ReviewTruth | NoticeTruth | PoisonTruth;

/** RFC 3339, UTC, milliseconds; null stays null. */
export function instant(unixMs: number | null): string | null {
  return unixMs === null ? null : new Date(unixMs).toISOString();
}
