import { GroupCommitProducer, type OutgoingRecord } from '#kafka';
import { PROVIDERS } from '#providers';
import { loadConfiguration } from '#runtime';
import { receiptRecord, recordTemplate } from '../../apps/ingress/src/receipt-record.js';
import { SILENT, SOURCE_ID, type Installation } from '../installation.js';
import { body } from '../receipts.js';
import { tracedHeaders } from '../tracing.js';

/** Bodies written at once: bounds the memory, and is many sends. */
const CHUNK = 5_000;

/** Makes the record of a body that has arrived just now, exactly as the ingress writes it: with its own function. */
export function rawRecordOf(installation: Installation): (text: string) => OutgoingRecord {
  const { sources } = loadConfiguration(installation.configurationFile, {}, PROVIDERS);
  const source = sources.get(SOURCE_ID);
  if (source === undefined) throw new Error(`there is no source ${SOURCE_ID}`);
  const template = recordTemplate(source, 'http', 'token', installation.topic('raw-receipts.v1'));
  const arrival = { contentType: 'application/json', contentEncoding: undefined, remoteAddress: '127.0.0.1' };
  return (text) => receiptRecord(template, arrival, Buffer.from(text));
}

/**
 * Fills the topic of raw receipts with receipts 0 to `receipts` - 1, `perBody` in each record.
 * @param traced share of them that carry a trace; null: none
 */
export async function fillRawTopic(
  installation: Installation,
  receipts: number,
  perBody: number,
  traced: number | null = null,
): Promise<void> {
  const rawRecord = rawRecordOf(installation);
  const producer = new GroupCommitProducer({ kafka: installation.kafka, logger: SILENT });
  try {
    for (let from = 0; from < receipts; from += CHUNK * perBody) {
      const to = Math.min(receipts, from + CHUNK * perBody);
      const firsts = Array.from({ length: Math.ceil((to - from) / perBody) }, (_, at) => from + at * perBody);
      const records = firsts.map((first) => {
        const record = rawRecord(body(first, Math.min(perBody, to - first)));
        return { ...record, headers: { ...record.headers, ...tracedHeaders(traced) } };
      });
      await producer.publishAll(records);
    }
  } finally {
    await producer.close();
  }
}
