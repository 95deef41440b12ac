import {
  RECEIPT_HEADERS,
  type CanonicalEvent,
  type Channel,
  type DeadLetterCode,
  type Identity,
  type Labels,
} from '#contracts';
import { headerText, type IncomingRecord } from '#kafka';
import { readReceipt, type Provider, type ReceiptContext, type ReceiptType } from '#providers';
import { unpack } from './unpack.js';

/** What the configuration says about a source, as far as it matters for reading its receipts. */
export interface SourceSettings {
  readonly provider: string;
  readonly account: string;
  /** The provider's name of the receipt type. */
  readonly receipt: string;
  /** Null where the receipt type or the sender says it. */
  readonly channel: Channel | null;
  readonly labels: Labels;
  /** By the number or page as the provider reports it. */
  readonly senders: ReceiptContext['senders'];
  readonly sendStatusOne: ReceiptContext['sendStatusOne'];
  /** IANA name. */
  readonly timeZone: string;
}

/** Everything beside the receipt that decides what becomes of it. Make one when the configuration is read, and keep it. */
export interface NormaliserSettings {
  readonly installation: string;
  readonly identity: Identity;
  readonly providers: Readonly<Record<string, Provider>>;
  /** Undefined for an unknown id. Always the same answer for the same id. */
  source(id: string): SourceSettings | undefined;
}

/** What can never become an event. */
export interface DeadLetter {
  readonly code: DeadLetterCode;
  /** The shape of the problem, never content. */
  readonly detail: string;
  /** Index in the body, from 0; null if the receipt as a whole failed. */
  readonly element: number | null;
  /** The bytes as they came; of an element its own, unpacked. */
  readonly value: Buffer;
}

/** What a receipt became. Every element is one event or one dead letter, unless one dead letter stands for many. */
export interface Normalised {
  readonly events: readonly CanonicalEvent[];
  readonly deadLetters: readonly DeadLetter[];
  /** How many elements the body had; 0 for `[]` and for a body that could not be taken apart. */
  readonly elements: number;
}

/** Kafka takes 1 MiB a record by default; headers and key need a little of it. */
export const MAX_EVENT_BYTES = 900 * 1024;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** What does not change from receipt to receipt of a source. */
interface Source {
  readonly settings: SourceSettings;
  readonly type: ReceiptType;
  readonly eventSource: string;
  readonly channel: Channel | null;
}

const sourcesOf = new WeakMap<NormaliserSettings, Map<string, Source>>();

/**
 * One receipt → canonical events, and dead letters for what cannot be read. Deterministic: no clock, no random, no I/O.
 * @param maxEventBytes an event whose JSON is larger becomes a dead letter
 * @throws Error only if the settings name a provider or receipt type that does not exist, which the check of the
 * configuration rules out; never because of a receipt
 */
export function normalise(
  receipt: Pick<IncomingRecord, 'value' | 'headers'>,
  settings: NormaliserSettings,
  maxEventBytes = MAX_EVENT_BYTES,
): Normalised {
  const body = receipt.value ?? Buffer.alloc(0);
  const sourceId = headerText(receipt, RECEIPT_HEADERS.source);
  const receiptId = headerText(receipt, RECEIPT_HEADERS.receiptId);
  const receivedAt = headerText(receipt, RECEIPT_HEADERS.receivedAt);
  const observedAt = headerText(receipt, RECEIPT_HEADERS.observedAt) ?? receivedAt;
  if (!sourceId) return refused(body, 'HEADERS_INVALID', RECEIPT_HEADERS.source);
  if (!receiptId) return refused(body, 'HEADERS_INVALID', RECEIPT_HEADERS.receiptId);
  if (receivedAt === undefined || !INSTANT.test(receivedAt)) {
    return refused(body, 'HEADERS_INVALID', RECEIPT_HEADERS.receivedAt);
  }
  if (observedAt === undefined || !INSTANT.test(observedAt)) {
    return refused(body, 'HEADERS_INVALID', RECEIPT_HEADERS.observedAt);
  }
  const source = sourceOf(sourceId, settings);
  if (source === undefined) return refused(body, 'SOURCE_UNKNOWN', 'not in the configuration');

  const encoding = headerText(receipt, RECEIPT_HEADERS.contentEncoding);
  const unpacked = encoding === undefined ? body : unpack(body, encoding);
  if (!Buffer.isBuffer(unpacked)) return refused(body, unpacked.code, unpacked.detail);

  const context: ReceiptContext = {
    source: source.eventSource,
    account: source.settings.account,
    channel: source.channel,
    labels: source.settings.labels,
    senders: source.settings.senders,
    sendStatusOne: source.settings.sendStatusOne,
    timeZone: source.settings.timeZone,
    identity: settings.identity,
    receiptId,
    receivedAt,
    observedAt,
  };
  const read = readReceipt(source.type, unpacked, context, maxEventBytes);
  const [first] = read.deadLetters;
  // A body that is put aside as a whole is kept as it came, packed, since its headers say so.
  return first?.element === null ? { ...read, deadLetters: [{ ...first, value: body }] } : read;
}

function refused(value: Buffer, code: DeadLetterCode, detail: string): Normalised {
  return { events: [], deadLetters: [{ code, detail, element: null, value }], elements: 0 };
}

function sourceOf(id: string, settings: NormaliserSettings): Source | undefined {
  let sources = sourcesOf.get(settings);
  if (sources === undefined) {
    sources = new Map();
    sourcesOf.set(settings, sources);
  }
  let source = sources.get(id);
  if (source === undefined) {
    const configured = settings.source(id);
    if (configured === undefined) return undefined;
    source = prepare(id, configured, settings);
    sources.set(id, source);
  }
  return source;
}

function prepare(id: string, source: SourceSettings, settings: NormaliserSettings): Source {
  const provider = settings.providers[source.provider];
  const type = provider?.receiptTypes[source.receipt];
  if (provider === undefined || type === undefined) {
    throw new Error(`source ${id}: no receipt type ${source.receipt} of provider ${source.provider}`);
  }
  return {
    settings: source,
    type,
    eventSource: `/${settings.installation}/${source.provider}/${source.account}`,
    channel: type.channel ?? source.channel,
  };
}
