import {
  isEventType,
  parseJson,
  RECEIPT_HEADERS,
  REDRIVE,
  UUID,
  type CanonicalEvent,
  type EventDataByType,
  type EventType,
} from '#contracts';
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

/** What types of later versions look like. */
const TYPE_OF_OURS = /^io\.quittance\.[a-z.-]{1,80}\.v\d{1,4}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

const LAST_DAY_OF_ALL_MONTHS = 28;

/** The times that stand in columns. Those that must be there are among the requirements. */
const TIMES = ['occurredAt', 'sentAt'] as const;
const TIMES_OF_SUBMISSION = ['submittedAt'] as const;

/** The canonical event of a record, or why it breaks the contract. */
export function decodeEvent(record: IncomingRecord): CanonicalEvent | PermanentError {
  const type = headerText(record, 'ce_type');
  const id = headerText(record, 'ce_id');
  const subject = headerText(record, 'ce_subject');
  if (type === undefined || id === undefined || subject === undefined) {
    return new PermanentError('HEADERS_INVALID', 'ce_type, ce_id or ce_subject is missing');
  }
  const required = isEventType(type) ? REQUIRED[type] : undefined;
  if (!isEventType(type) || !required) return new PermanentError('EVENT_TYPE_UNKNOWN', nameOfType(type));
  if (!UUID.test(id) || !UUID.test(subject))
    return new PermanentError('EVENT_INVALID', 'ce_id or ce_subject is not a UUID');

  const text = record.value?.toString() ?? '';
  let data: unknown;
  try {
    data = parseJson(text);
  } catch {
    return new PermanentError('EVENT_INVALID', 'the value is not JSON');
  }
  const missing = missingField(data, required);
  if (missing !== null) return new PermanentError('EVENT_INVALID', missing);
  if (holdsNul(text)) return new PermanentError('EVENT_INVALID', 'a text holds the character NUL');
  const rawPosition = headerText(record, 'ce_rawposition');
  return {
    id,
    type,
    source: headerText(record, 'ce_source') ?? '',
    subject,
    time: headerText(record, 'ce_time') ?? '',
    receiptId: headerText(record, 'ce_receiptid') ?? '',
    ...(rawPosition === undefined ? {} : { rawPosition }),
    ...(headerText(record, RECEIPT_HEADERS.transport) === REDRIVE ? { redriven: true } : {}),
    data: data as EventDataByType[typeof type],
  };
}

/** What is none of our types may be anything, also somebody's number: only its length is told. */
function nameOfType(type: string): string {
  return TYPE_OF_OURS.test(type) ? type : `a type of ${type.length} characters`;
}

function missingField(data: unknown, required: Requirements): string | null {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'the value is not an object';
  const fields = data as Readonly<Record<string, unknown>>;
  for (const name in required) {
    const value = fields[name];
    if (value === null || typeof value !== required[name]) return `${name} is not a ${required[name]}`;
  }
  if (fields.segment !== undefined && fields.segment !== null && !isSegment(fields.segment)) {
    return 'segment has no number and total';
  }
  for (const name of 'occurredAt' in required ? TIMES : TIMES_OF_SUBMISSION) {
    const value = fields[name];
    if (value !== null && value !== undefined && !isInstant(value)) return `${name} is not a time`;
  }
  return null;
}

/**
 * What Postgres would refuse is found here: there, one such event makes a whole batch roll back, and be halved until the
 * event stands alone. Times that no calendar has look right, and have to be tried; Postgres knows no year 0.
 */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !INSTANT.test(value) || value.startsWith('0000')) return false;
  const time = Date.parse(value);
  if (Number.isNaN(time)) return false;
  // `Date.parse` takes February 30 for March 2.
  return Number(value.slice(8, 10)) <= LAST_DAY_OF_ALL_MONTHS || new Date(time).toISOString() === value;
}

/** JSON writes it as an escape; behind an escaped backslash the same letters are a text about it. */
function holdsNul(text: string): boolean {
  for (let at = text.indexOf('\\u0000'); at !== -1; at = text.indexOf('\\u0000', at + 1)) {
    let backslashes = 1;
    while (text[at - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 1) return true;
  }
  return false;
}

/** Segments are counted: what is no whole number, or larger than any, would make a message that nothing can complete. */
function isSegment(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { number, total } = value as Readonly<Record<string, unknown>>;
  return isCount(number) && isCount(total);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
