import { readTopic, TransientError, type IncomingRecord, type KafkaSettings, type OutgoingRecord } from '#kafka';
import type { StoredErasure } from '../store/erasures.js';

/** Bytes of a SHA-256. */
const MAC_BYTES = 32;

/**
 * What the topic of erasures holds, in the order in which it was written. Nothing in it names anybody: a person is a MAC
 * under `ERASURE_KEY`, as in the table.
 * @throws TransientError when it cannot be read, also where it has not been made yet
 */
export async function readErasures(kafka: KafkaSettings, topic: string): Promise<readonly StoredErasure[]> {
  const records = await readTopic(kafka, topic).catch((error: unknown) => {
    throw new TransientError(`${topic} cannot be read: is it set up?`, { cause: error });
  });
  return records.flatMap((record) => erasureOf(record) ?? []);
}

/** An erasure as the topic keeps it: one record for each person stays. */
export function erasureRecord(topic: string, { mac, at, keyCheck }: StoredErasure): OutgoingRecord {
  const value = JSON.stringify({ at: at.toISOString(), keyCheck: keyCheck.toString('base64url') });
  return { topic, key: mac.toString('base64url'), value, headers: {} };
}

/** Null: it is none. */
function erasureOf({ key, value }: IncomingRecord): StoredErasure | null {
  try {
    const { at, keyCheck } = JSON.parse(String(value)) as Readonly<Record<string, unknown>>;
    const instant = new Date(String(at));
    const [mac, check] = [String(key), String(keyCheck)].map((text) => Buffer.from(text, 'base64url')) as [
      Buffer,
      Buffer,
    ];
    const isWhole = mac.length === MAC_BYTES && check.length === MAC_BYTES && !Number.isNaN(instant.getTime());
    return isWhole ? { mac, at: instant, keyCheck: check } : null;
  } catch {
    return null;
  }
}
