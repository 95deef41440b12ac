import {
  DEAD_LETTER_HEADERS,
  LEDGER_HEADERS,
  RECEIPT_HEADERS,
  REDRIVE,
  UUID,
  type AcceptedCount,
  type AcceptedCounts,
  type TopicName,
  type TopicNames,
} from '#contracts';
import { headerText, type IncomingRecord } from '#kafka';
import type { Findings, Outcome, RawPosition } from './findings.js';

/** The topics that the ledger reads. */
export const LEDGER_TOPICS = [
  'raw-receipts.v1',
  'events.v1',
  'dead-letters.v1',
  'ledger.v1',
] as const satisfies TopicName[];

const HOUR = 3_600_000;
/** What can be written with four digits of the year: others prove nothing, and the database takes no such time. */
const END_OF_TIME = Date.UTC(9999, 11, 31);
/** As the configuration has them; what else a header may say must not reach a table. */
const SOURCE = /^[a-z0-9-]{1,100}$/;
/** So many digits are an exact number. */
const POSITION = /^(\d{1,6})\/(\d{1,15})$/;

/** Reads what records of the ledger's topics say about receipts. Never throws because of a record. */
export class RecordReader {
  readonly #readers: ReadonlyMap<string, (record: IncomingRecord, findings: Findings) => void>;
  readonly #rawPrefix: string;

  constructor(topics: TopicNames) {
    this.#rawPrefix = `${topics['raw-receipts.v1']}/`;
    this.#readers = new Map<string, (record: IncomingRecord, findings: Findings) => void>([
      [
        topics['raw-receipts.v1'],
        (record, findings) => {
          readReceipt(record, findings);
          if (isRedriven(record)) this.#addEnded(findings, headerText(record, RECEIPT_HEADERS.copyOf), 'copied');
        },
      ],
      [
        topics['events.v1'],
        (record, findings) => {
          this.#addEnded(findings, headerText(record, 'ce_rawposition'), 'projected');
        },
      ],
      [
        topics['dead-letters.v1'],
        (record, findings) => {
          // The projector's come from an event, which names the receipt itself.
          const origin = headerText(record, 'ce_rawposition') ?? headerText(record, DEAD_LETTER_HEADERS.origin);
          this.#addEnded(findings, origin, 'deadLettered');
        },
      ],
      [
        topics['ledger.v1'],
        (record, findings) => {
          const kind = headerText(record, LEDGER_HEADERS.kind);
          if (kind === 'empty') this.#addEnded(findings, headerText(record, LEDGER_HEADERS.origin), 'empty');
          if (kind === 'accepted') readAccepted(record, findings);
        },
      ],
    ]);
  }

  read(record: IncomingRecord, findings: Findings): void {
    this.#readers.get(record.topic)?.(record, findings);
  }

  #addEnded(findings: Findings, origin: string | undefined, outcome: Outcome): void {
    // Events of submissions and of our own come from no receipt.
    if (!origin?.startsWith(this.#rawPrefix)) return;
    const position = readPosition(origin.slice(this.#rawPrefix.length));
    if (position !== null) findings.addEnded(position, outcome);
  }
}

function readReceipt(record: IncomingRecord, findings: Findings): void {
  const source = headerText(record, RECEIPT_HEADERS.source) ?? '';
  const receivedAt = headerText(record, RECEIPT_HEADERS.receivedAt);
  findings.addPublished(
    { partition: record.partition, offset: Number(record.offset) },
    {
      source: SOURCE.test(source) ? source : '',
      hour: hourIn(receivedAt === undefined ? NaN : Date.parse(receivedAt)) ?? hourIn(record.timestamp) ?? 0,
      redriven: isRedriven(record),
    },
  );
}

function isRedriven(record: IncomingRecord): boolean {
  return headerText(record, RECEIPT_HEADERS.transport) === REDRIVE;
}

function readAccepted({ value }: IncomingRecord, findings: Findings): void {
  const { instance, counts } = jsonIn(value);
  if (typeof instance !== 'string' || !UUID.test(instance) || !Array.isArray(counts)) return;
  for (const count of counts as readonly (Partial<AcceptedCount> | null)[]) {
    const { source, hour, receipts, final } = count ?? {};
    const begins = hourIn(Date.parse(String(hour)));
    if (begins === null || typeof source !== 'string' || !SOURCE.test(source)) continue;
    if (!Number.isSafeInteger(receipts) || receipts! < 0) continue;
    findings.addAccepted({ instance, source, hour: begins, receipts: receipts!, final: final === true });
  }
}

function jsonIn(value: Buffer | null): Partial<AcceptedCounts> {
  try {
    return (JSON.parse(value?.toString() ?? '') ?? {}) as Partial<AcceptedCounts>;
  } catch {
    return {};
  }
}

/** Beginning of the hour of a moment, Unix ms; null for what is none. */
function hourIn(moment: number): number | null {
  return moment >= 0 && moment < END_OF_TIME ? Math.floor(moment / HOUR) * HOUR : null;
}

function readPosition(text: string): RawPosition | null {
  const match = POSITION.exec(text);
  return match === null ? null : { partition: Number(match[1]), offset: Number(match[2]) };
}
