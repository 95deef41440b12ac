import { isEventType, parseJson, type CanonicalEvent, type EventDataByType, type EventType } from '#contracts';
import { headerText, PermanentError, type IncomingRecord } from '#kafka';

/** A field that the projector cannot do without, and what it must be. */
type Requirements = Readonly<Record<string, 'string' | 'boolean' | 'number' | 'object'>>;

const EVERY_EVENT: Requirements = {
  provider: 'string',
  account: 'string',
  channel: 'string',
  occurredAt: 'string',
  occurredAtFrom: 'string',
  extra: 'object',
};

/** What the merge looks at. Subscribers' schemas say more; here is what would otherwise make a wrong row. */
const REQUIRED: Partial<Record<EventType, Requirements>> = {
  'io.quittance.message.status-reported.v1': {
    ...EVERY_EVENT,
    messageKey: 'string',
    status: 'string',
    final: 'boolean',
    mappingRevision: 'number',
  },
  'io.quittance.message.submitted.v1': {
    provider: 'string',
    account: 'string',
    channel: 'string',
    messageKey: 'string',
    messageId: 'string',
    submittedAt: 'string',
  },
  'io.quittance.message.originated.v1': { ...EVERY_EVENT, personKey: 'string', content: 'object' },
  'io.quittance.review.status-reported.v1': {
    ...EVERY_EVENT,
    reviewKey: 'string',
    subject: 'object',
    status: 'string',
    mappingRevision: 'number',
  },
  'io.quittance.account.status-reported.v1': {
    ...EVERY_EVENT,
    subjectKey: 'string',
    subject: 'object',
    aspect: 'string',
    value: 'string',
  },
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** The canonical event of a record, or why it breaks the contract. */
export function decodeEvent(record: IncomingRecord): CanonicalEvent | PermanentError {
  const type = headerText(record, 'ce_type');
  const id = headerText(record, 'ce_id');
  const subject = headerText(record, 'ce_subject');
  if (type === undefined || id === undefined || subject === undefined) {
    return new PermanentError('HEADERS_INVALID', 'ce_type, ce_id or ce_subject is missing');
  }
  const required = isEventType(type) ? REQUIRED[type] : undefined;
  if (!isEventType(type) || !required) return new PermanentError('EVENT_TYPE_UNKNOWN', type.slice(0, 100));
  if (!UUID.test(id) || !UUID.test(subject))
    return new PermanentError('EVENT_INVALID', 'ce_id or ce_subject is not a UUID');

  let data: unknown;
  try {
    data = parseJson(record.value?.toString() ?? '');
  } catch {
    return new PermanentError('EVENT_INVALID', 'the value is not JSON');
  }
  const missing = missingField(data, required);
  if (missing !== null) return new PermanentError('EVENT_INVALID', missing);
  const rawPosition = headerText(record, 'ce_rawposition');
  return {
    id,
    type,
    source: headerText(record, 'ce_source') ?? '',
    subject,
    time: headerText(record, 'ce_time') ?? '',
    receiptId: headerText(record, 'ce_receiptid') ?? '',
    ...(rawPosition === undefined ? {} : { rawPosition }),
    data: data as EventDataByType[typeof type],
  };
}

function missingField(data: unknown, required: Requirements): string | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'the value is not an object';
  const fields = data as Readonly<Record<string, unknown>>;
  for (const name in required) {
    const value = fields[name];
    if (value === null || typeof value !== required[name]) return `${name} is not a ${required[name]}`;
  }
  if (!('occurredAt' in required)) return isInstant(fields.submittedAt as string) ? null : 'submittedAt is not a time';
  return INSTANT.test(fields.occurredAt as string) ? null : 'occurredAt is not a time';
}

/** A time that we reckon with has to be one, not only to look like one. */
function isInstant(text: string): boolean {
  return INSTANT.test(text) && !Number.isNaN(Date.parse(text));
}
