import { storableText, type CanonicalEvent } from '#contracts';
import { storableOrNull } from '../event-values.js';
import { countOf, idText, isPresent, textOf } from '../field-readers.js';
import { localTimeToUtc } from '../local-time.js';
import type { PhoneNumber } from '../phone-number.js';
import { plausible } from '../plausible-time.js';
import type { JsonObject, ReceiptContext, Unreadable } from '../provider.js';
import { rfc2822ToUtc } from '../rfc2822-time.js';
import { unknownFields, withUnreadField } from '../unknown-fields.js';
import { unreadable, unreadableField } from '../unreadable.js';
import { smsMessage } from './message.js';
import type { Outcome } from './outcome.js';
import { MAPPING_REVISION } from './status-map.js';

const TYPE = 'io.quittance.message.status-reported.v1';

/**
 * How one generation of delivery reports says what all of them say: names of its fields (null: it has none for this),
 * and how to read those that differ in more than their name.
 */
export interface ReportForm<Field extends string> {
  /** What the sending call answered. */
  readonly id: Field;
  readonly recipient: Field;
  readonly outcome: Field;
  readonly code: Field;
  readonly description: Field;
  readonly segmentCount: Field | null;
  /** The caller's own id. */
  readonly reference: Field | null;
  /** When it was handed to the carrier. */
  readonly sentAt: Field;
  /** When the carrier's report came in. */
  readonly reportedAt: Field;
  readonly numberOf: (text: string) => PhoneNumber;
  /** @param outcome the field's value; `code` as text */
  readonly outcomeOf: (outcome: unknown, code: string | null, context: ReceiptContext) => Outcome;
  /** What the outcome adds to the event's id: texts that differ mean different facts. */
  readonly outcomeId: (outcome: unknown) => string | null;
}

/** Maps one element of a known generation. */
export type ReportMapper = (element: JsonObject, context: ReceiptContext) => CanonicalEvent<typeof TYPE> | Unreadable;

/** The mapper for a generation. Make one per generation and keep it. */
export function reportMapper<Field extends string>(form: ReportForm<Field>): ReportMapper {
  const names = [form.id, form.recipient, form.outcome, form.code, form.description, form.sentAt, form.reportedAt];
  const known = new Set<string>([...names, form.segmentCount, form.reference].filter((name) => name !== null));
  return (element, context) => mapReport(element, form, known, context);
}

function mapReport(
  element: JsonObject,
  form: ReportForm<string>,
  known: ReadonlySet<string>,
  context: ReceiptContext,
): CanonicalEvent<typeof TYPE> | Unreadable {
  const messageId = idText(element[form.id]);
  if (messageId === null) return unreadableField(form.id, element[form.id]);
  const recipientRaw = idText(element[form.recipient]);
  if (recipientRaw === null) return unreadableField(form.recipient, element[form.recipient]);

  let extra = unknownFields(element, known);
  if (extra === null) return unreadable('ELEMENT_TOO_DEEP', 'a field is nested too deep');

  const sentAt = instantOf(element[form.sentAt], context);
  if (sentAt === null && isPresent(element[form.sentAt])) {
    extra = withUnreadField(extra, form.sentAt, element[form.sentAt]);
  }
  const reportedAt = instantOf(element[form.reportedAt], context);
  if (reportedAt === null && isPresent(element[form.reportedAt])) {
    extra = withUnreadField(extra, form.reportedAt, element[form.reportedAt]);
  }
  const size = form.segmentCount === null ? undefined : element[form.segmentCount];
  const segmentCount = segmentCountOf(size);
  if (segmentCount === null && form.segmentCount !== null && isPresent(size)) {
    extra = withUnreadField(extra, form.segmentCount, size);
  }

  const recipient = form.numberOf(recipientRaw);
  const providerCode = textOf(element[form.code]);
  const outcome = form.outcomeOf(element[form.outcome], providerCode, context);
  const { account, identity } = context;
  const messageKey = identity.messageKey('alibaba', account, smsMessage(messageId, recipient));
  const occurredAt = reportedAt ?? context.observedAt;
  return {
    id: identity.eventId(TYPE, 'alibaba', account, [
      messageId,
      recipient.canonical,
      form.outcomeId(element[form.outcome]),
      providerCode?.toUpperCase() ?? null,
    ]),
    type: TYPE,
    source: context.source,
    subject: messageKey,
    time: occurredAt,
    receiptId: context.receiptId,
    data: {
      provider: 'alibaba',
      account,
      channel: 'sms',
      labels: context.labels,
      messageKey,
      messageId: storableText(messageId),
      sender: null,
      recipient: recipient.e164,
      recipientRaw: storableText(recipientRaw),
      recipientUserId: null,
      segment: null,
      segmentCount,
      status: outcome.status,
      final: outcome.final,
      reason: outcome.reason,
      retry: outcome.retry,
      reportedBy: outcome.reportedBy,
      providerStatus: storableOrNull(textOf(element[form.outcome])),
      providerCode: storableOrNull(providerCode),
      providerDescription: storableOrNull(textOf(element[form.description])),
      reference: form.reference === null ? null : storableOrNull(idText(element[form.reference])),
      sentAt,
      occurredAt,
      occurredAtFrom: reportedAt === null ? 'observed' : 'provider',
      mappingRevision: MAPPING_REVISION,
      extra,
    },
  };
}

/** The mainland product writes local times, the international one RFC 2822 with an offset; both are taken from both. */
function instantOf(value: unknown, context: ReceiptContext): string | null {
  const text = textOf(value);
  return text === null ? null : plausible(localTimeToUtc(text, context.timeZone) ?? rfc2822ToUtc(text), context);
}

/**
 * How many segments: a count, or a list of their numbers. The pages of 2019 show `"1,2,3"` and call it the number of
 * messages that a long text was split into; a list from 1 without gaps is read as its length.
 */
function segmentCountOf(value: unknown): number | null {
  if (typeof value !== 'string' || !value.includes(',')) return countOf(value);
  const numbers = value.split(',');
  return numbers.every((number, index) => number.trim() === String(index + 1)) ? numbers.length : null;
}
