import type { Pool } from 'pg';
import type { KafkaSettings, OutgoingRecord } from '#kafka';
import { readStoredErasures, restoreErasures, type StoredErasure } from '../store/erasures.js';
import { inTransaction } from '../store/transaction.js';
import { erasureRecord, readErasures } from './kept-erasures.js';

/** Where erasures are kept: in the tables, and in a topic for the day on which the tables are lost. */
export interface ErasurePlaces {
  readonly pool: Pool;
  readonly kafka: KafkaSettings;
  /** Full name of the topic of erasures. */
  readonly topic: string;
  /** Durable when it resolves. */
  readonly publishAll: (records: readonly OutgoingRecord[]) => Promise<void>;
}

/** What one place has and the other lacks, or has with an earlier instant. */
export interface ErasuresApart {
  /** Only the topic has them: the database is older than they are. */
  readonly forgotten: readonly StoredErasure[];
  /** Only the tables have them. */
  readonly unkept: readonly StoredErasure[];
  /** In the topic, under a key that is not that of the tables: of no use to anybody. */
  readonly foreign: number;
}

/** Compares both places. */
export async function erasuresApart({
  pool,
  kafka,
  topic,
}: Pick<ErasurePlaces, 'pool' | 'kafka' | 'topic'>): Promise<ErasuresApart> {
  const records = await readErasures(kafka, topic);
  const { keyCheck: storedCheck, erasures: stored } = await readStoredErasures(pool);
  // A database that knows of nobody takes the key that was last erased under.
  const keyCheck = storedCheck ?? records.at(-1)?.keyCheck;
  const kept = records.filter((record) => keyCheck !== undefined && record.keyCheck.equals(keyCheck));
  return {
    forgotten: lacking(stored, kept),
    unkept: lacking(kept, stored),
    foreign: records.length - kept.length,
  };
}

/**
 * Brings both places to where each has everything. To erase is never undone, so there is nothing to weigh: of two
 * instants for one person the later holds. Any number of processes may do it at once.
 * (docs/decisions/0032-erasures-outlive-the-database.md)
 * @returns what was apart
 * @throws TransientError when one of the places is away
 */
export async function joinErasures(places: ErasurePlaces): Promise<ErasuresApart> {
  const apart = await erasuresApart(places);
  const { forgotten, unkept } = apart;
  if (forgotten.length > 0) await inTransaction(places.pool, (client) => restoreErasures(client, forgotten));
  if (unkept.length > 0) await places.publishAll(unkept.map((erasure) => erasureRecord(places.topic, erasure)));
  return apart;
}

/** The erasures, each person once, that `known` does not have, or has with an earlier instant. */
function lacking(known: readonly StoredErasure[], erasures: readonly StoredErasure[]): readonly StoredErasure[] {
  const instants = latest(known);
  return [...latest(erasures)].flatMap(([mac, erasure]) => {
    const there = instants.get(mac);
    return there === undefined || there.at < erasure.at ? [erasure] : [];
  });
}

function latest(erasures: readonly StoredErasure[]): ReadonlyMap<string, StoredErasure> {
  const byMac = new Map<string, StoredErasure>();
  for (const erasure of erasures) {
    const mac = erasure.mac.toString('base64');
    const other = byMac.get(mac);
    if (other === undefined || other.at < erasure.at) byMac.set(mac, erasure);
  }
  return byMac;
}
