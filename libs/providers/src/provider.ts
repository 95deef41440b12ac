import type { CanonicalEvent, Channel, DeadLetterCode, Identity, Labels, ProviderId } from '#contracts';
import type { ConsolePage, MakeCanary } from './canary.js';
import type { CheckSignature, SignPush } from './push.js';
import type { IdentifySubmission } from './submission.js';

/** A JSON object as parsed from a receipt: own, enumerable, of any shape. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What the configuration says about one business number or page of an account. It beats the source's own channel. */
export interface SenderContext {
  readonly channel: Channel | null;
  /** Beside the account's labels. */
  readonly labels: Labels;
}

/** What the mapping of an element may look at beside the element. All of it comes from the receipt or from settings. */
export interface ReceiptContext {
  /** CloudEvents `source` of every event made here: `/{installation}/{provider}/{account}`. */
  readonly source: string;
  readonly account: string;
  /** From the receipt type, else the source's configuration; null where nothing says it. */
  readonly channel: Channel | null;
  readonly labels: Labels;
  /** By the number or page as the provider reports it. */
  readonly senders: ReadonlyMap<string, SenderContext>;
  /** What Alibaba's `SendStatus` 1 means at this source; null: text "1" delivered, number 1 pending. */
  readonly sendStatusOne: 'delivered' | 'submitted' | null;
  /** IANA name of the zone that local times without an offset are in. */
  readonly timeZone: string;
  readonly identity: Identity;
  readonly receiptId: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly receivedAt: string;
  /** When the receipt was first seen anywhere; RFC 3339, UTC, milliseconds. */
  readonly observedAt: string;
}

/** Why an element, or a whole body, cannot be read. Becomes a dead letter. */
export interface Unreadable {
  readonly code: DeadLetterCode;
  /** The shape of the problem, never content: a field name, a type, a length. */
  readonly detail: string;
}

/** A body taken apart. */
export interface Elements {
  readonly elements: readonly unknown[];
  /** The bytes that element `index` had in the body; the whole body where they cannot be told apart. */
  bytesOf(index: number): Buffer;
}

/** One kind of receipt of one provider. */
export interface ReceiptType {
  /** The provider's own name for it, as in the configuration: `SmsReport`. */
  readonly name: string;
  /** The channel that all receipts of this type belong to; null where only source or sender say it. */
  readonly channel: Channel | null;
  /** How long an HTTP push may take before we answer 503, in ms; safely below the provider's own limit. */
  readonly deadline: number;
  /**
   * Its facts carry neither an id nor a time of the provider's: when one was first seen is all that tells it from the next,
   * so what comes through two doors counts as two.
   */
  readonly timeless?: true;
  /** Takes a body (already unpacked) apart. Never throws. */
  readElements(body: Buffer): Elements | Unreadable;
  /** One element becomes one event, or a dead letter. Deterministic: no clock, no random, no I/O. Never throws. */
  map(element: JsonObject, context: ReceiptContext): CanonicalEvent | Unreadable;
}

/** The answer that a provider takes for "received". */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** Byte for byte. */
  readonly body: string;
}

/** A messaging vendor: its receipt types, and how it is answered. */
export interface Provider {
  readonly id: ProviderId;
  readonly receiptTypes: Readonly<Record<string, ReceiptType>>;
  /** For each channel on which it reports deliveries: how what a sending service says becomes the key of its receipts. */
  readonly submissions: Readonly<Partial<Record<Channel, IdentifySubmission>>>;
  readonly answer: Answer;
  /** Whether a `providerCode` stands in its tables, also where all that these say is that nobody knows the cause. */
  knowsCode(code: string): boolean;
  /** How its pushes are verified; absent where it signs nothing. Use it through `verifyPush`. */
  readonly checkSignature?: CheckSignature;
  /** Signs a push as it does, for canaries; present where `checkSignature` is. */
  readonly signPush?: SignPush;
  /** By receipt type, for those of which a harmless one can be told from others. */
  readonly canaries: Readonly<Record<string, MakeCanary>>;
  /** By receipt type: where the address is entered. */
  readonly consoles: Readonly<Record<string, ConsolePage>>;
  /** It never pushes again what was not taken: a refused receipt is lost. */
  readonly pushesOnce?: true;
  /** Its receipts can be fetched from queues too. */
  readonly queues?: 'mns';
}

/** Tells what could not be read from what could. */
export function isUnreadable(value: object): value is Unreadable {
  return 'code' in value && 'detail' in value;
}
