-- docs: begin table
CREATE TABLE message_seen (
  message_key uuid PRIMARY KEY,
  revision integer NOT NULL,
  status text NOT NULL,
  reference text,
  seen_at timestamptz NOT NULL DEFAULT now()
);
-- docs: end table

-- docs: begin upsert
-- One row: it was news. No row: it is known, or older than what is known.
INSERT INTO message_seen (message_key, revision, status, reference)
VALUES ($1, $2, $3, $4)
ON CONFLICT (message_key) DO UPDATE
  SET revision = excluded.revision, status = excluded.status, reference = excluded.reference, seen_at = now()
  WHERE message_seen.revision < excluded.revision OR message_seen.seen_at < now() - interval '14 days'
RETURNING message_key
-- docs: end upsert
