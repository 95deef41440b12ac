import type { Pool } from 'pg';
import type { CanonicalEvent, MessageStatusReported } from '#contracts';
import type { Fact } from '../../apps/projector/src/merge/fact-set.js';
import { joinMessageReports } from '../../apps/projector/src/merge/join-data.js';
import { mergeFact } from '../../apps/projector/src/merge/merge-event.js';
import { isReport } from '../../apps/projector/src/merge/message-fact.js';
import { deriveMessage, type MessageState } from '../../apps/projector/src/merge/message-state.js';
import { messageProjection } from '../../apps/projector/src/merge-events.js';

/**
 * The projector of before submissions were known, as far as a row of `message` is concerned. What it asked the database is
 * here word for word, as its table put it together. Its derivation was what ours is for reports alone: that law has not
 * changed, so ours stands in for it, behind the assumption that it made of every fact and that a submission breaks.
 */
const READ =
  'SELECT message_key AS key, revision, version, facts::text FROM message WHERE message_key = ANY ($1::uuid[])';

const WRITE = `INSERT INTO message AS stored (message_key, version, facts, revision, provider, account, channel, message_id,
    sender, recipient, reference, status, final, reason, provider_code, conflict, sent_at, occurred_at)
  SELECT * FROM unnest($1::uuid[], $2::integer[], $3::json[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::text[], $13::boolean[], $14::text[], $15::text[], $16::boolean[],
    $17::timestamptz[], $18::timestamptz[])
  ON CONFLICT (message_key) DO UPDATE SET version = excluded.version, facts = excluded.facts, revision = excluded.revision,
    provider = excluded.provider, account = excluded.account, channel = excluded.channel, message_id = excluded.message_id,
    sender = excluded.sender, recipient = excluded.recipient, reference = excluded.reference, status = excluded.status,
    final = excluded.final, reason = excluded.reason, provider_code = excluded.provider_code, conflict = excluded.conflict,
    sent_at = excluded.sent_at, occurred_at = excluded.occurred_at, written_at = now()
  WHERE stored.version = excluded.version - 1`;

type Reports = readonly Fact<MessageStatusReported>[];

interface Row {
  readonly revision: number;
  readonly version: number;
  readonly facts: string;
}

/** Merges a report as that projector did; what it published, if anything. */
export async function projectAsBefore(
  pool: Pool,
  event: CanonicalEvent<'io.quittance.message.status-reported.v1'>,
): Promise<CanonicalEvent<'io.quittance.message.status-changed.v1'> | null> {
  const { id, subject: key, receiptId, data } = event;
  const { rows } = await pool.query<Row>(READ, [[key]]);
  const row = rows[0] ?? { revision: 0, version: 0, facts: '[]' };
  const stored = JSON.parse(row.facts) as Reports;
  const { aggregate, change } = mergeFact(
    { key, revision: row.revision, facts: stored },
    { id, receiptId, data },
    { join: joinMessageReports, derive: deriveReports },
  );
  if (aggregate.facts === stored) return null;
  const state = deriveReports(aggregate.facts);
  const { rowCount } = await pool.query(
    WRITE,
    [
      key,
      row.version + 1,
      JSON.stringify(aggregate.facts),
      aggregate.revision,
      state.provider,
      state.account,
      state.channel,
      state.messageId,
      state.sender,
      state.recipient,
      state.reference,
      state.status,
      state.final,
      state.reason,
      state.providerCode,
      state.conflict,
      state.sentAt,
      state.occurredAt,
    ].map((value) => [value]),
  );
  if (rowCount !== 1) throw new Error('another writer was faster');
  return change && (messageProjection.announce(change, event) as CanonicalEvent<StatusChanged>);
}

type StatusChanged = 'io.quittance.message.status-changed.v1';

function deriveReports(facts: Reports): MessageState {
  if (!facts.every(isReport)) throw new TypeError('it read the segment of what has none');
  return deriveMessage(facts);
}
