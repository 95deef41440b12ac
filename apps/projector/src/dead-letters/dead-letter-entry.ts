import { DEAD_LETTER_HEADERS, RECEIPT_HEADERS, REDRIVEN_FROM, storableText, UUID } from '#contracts';
import { headerText, type IncomingRecord } from '#kafka';

/** What the table keeps of a dead letter: enough to find and count it, and nothing of its content. */
export interface DeadLetterEntry {
  readonly partition: number;
  /** A decimal number of up to 64 bits. */
  readonly offset: string;
  /** One of the closed list; another word where somebody else has written the letter. */
  readonly code: string;
  readonly detail: string;
  readonly stage: string;
  readonly source: string | null;
  readonly receiptId: string | null;
  /** Index in the body, from 0; null: the whole record. */
  readonly element: number | null;
  /** topic/partition/offset of the record that failed. */
  readonly origin: string | null;
  readonly reader: string | null;
  /** partition/offset of the dead letter that it was redriven from. */
  readonly redrivenFrom: string | null;
  readonly at: Date;
}

/** What these headers look like where we wrote them. Anything else may be anything, also somebody's number. */
const SHAPES = {
  code: /^[A-Z][A-Z0-9_]{0,49}$/,
  stage: /^(?:normaliser|projector)$/,
  source: /^[a-z0-9-]{1,100}$/,
  receiptId: UUID,
  element: /^\d{1,9}$/,
  origin: /^[A-Za-z0-9._-]{1,249}\/\d{1,9}\/\d{1,19}$/,
  reader: /^[A-Za-z0-9._+/-]{1,100}$/,
  redrivenFrom: /^\d{1,9}\/\d{1,19}$/,
  at: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/,
} as const;

const MAX_DETAIL = 500;
/** Times that Postgres and JavaScript both can write, Unix ms. */
const END_OF_TIME = Date.UTC(9999, 11, 31);

/** Reads the headers of a dead letter. Never throws: whoever may write to the topic may have written anything. */
export function deadLetterEntry(record: IncomingRecord): DeadLetterEntry {
  const { partition, offset } = record;
  const read = (name: string, shape: RegExp): string | null => {
    const text = headerText(record, name);
    return text !== undefined && shape.test(text) ? text : null;
  };
  const element = read(DEAD_LETTER_HEADERS.element, SHAPES.element);
  return {
    partition,
    offset,
    code: read(DEAD_LETTER_HEADERS.code, SHAPES.code) ?? 'UNKNOWN',
    detail: storableText((headerText(record, DEAD_LETTER_HEADERS.detail) ?? '').slice(0, MAX_DETAIL)),
    stage: read(DEAD_LETTER_HEADERS.stage, SHAPES.stage) ?? 'unknown',
    source: read(RECEIPT_HEADERS.source, SHAPES.source),
    receiptId: read(RECEIPT_HEADERS.receiptId, SHAPES.receiptId) ?? read('ce_receiptid', SHAPES.receiptId),
    element: element === null ? null : Number(element),
    origin: read(DEAD_LETTER_HEADERS.origin, SHAPES.origin),
    reader: read(DEAD_LETTER_HEADERS.reader, SHAPES.reader),
    redrivenFrom: read(REDRIVEN_FROM, SHAPES.redrivenFrom),
    at: timeOf(read(DEAD_LETTER_HEADERS.at, SHAPES.at), record.timestamp),
  };
}

function timeOf(at: string | null, timestamp: number): Date {
  const time = at === null ? NaN : Date.parse(at);
  if (!Number.isNaN(time)) return new Date(time);
  return new Date(timestamp > 0 && timestamp < END_OF_TIME ? timestamp : 0);
}
