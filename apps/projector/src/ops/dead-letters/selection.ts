/** What a dead letter can be: nobody has done anything about it; it was sent in again; somebody has given it up. */
export const STATES = ['open', 'redriven', 'discarded'] as const;
export type DeadLetterState = (typeof STATES)[number];

/** A dead letter as people name it: `partition/offset` on the dead-letters topic. */
export interface DeadLetterId {
  readonly partition: number;
  readonly offset: string;
}

/** Which dead letters are meant: those for which everything holds that is not null. */
export interface Selection {
  readonly ids: readonly DeadLetterId[] | null;
  readonly codes: readonly string[] | null;
  readonly sources: readonly string[] | null;
  readonly stage: string | null;
  /** When they became dead letters: RFC 3339, from then on. */
  readonly since: string | null;
  /** Until just before then. */
  readonly until: string | null;
  readonly state: DeadLetterState | null;
}

/** A condition on the rows of `dead_letter`, with the values of its parameters from `$1` on. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/**
 * The selection among the letters of one topic.
 * @param among further only these; absent: all
 */
export function conditionOf(
  selection: Selection,
  topicId: string,
  among: readonly DeadLetterId[] | null = null,
): Condition {
  const values: unknown[] = [topicId];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ['topic_id = $1'];
  const { ids, codes, sources, stage, since, until, state } = selection;
  for (const list of [ids, among]) {
    if (list === null) continue;
    const partitions = parameter(list.map(({ partition }) => partition));
    const offsets = parameter(list.map(({ offset }) => offset));
    conditions.push(
      `(partition, record_offset) IN (SELECT * FROM unnest(${partitions}::integer[], ${offsets}::bigint[]))`,
    );
  }
  if (codes !== null) conditions.push(`code = ANY (${parameter(codes)}::text[])`);
  if (sources !== null) conditions.push(`source = ANY (${parameter(sources)}::text[])`);
  if (stage !== null) conditions.push(`stage = ${parameter(stage)}`);
  if (since !== null) conditions.push(`at >= ${parameter(since)}::timestamptz`);
  if (until !== null) conditions.push(`at < ${parameter(until)}::timestamptz`);
  if (state !== null) conditions.push(`state = ${parameter(state)}`);
  return { sql: conditions.join(' AND '), values };
}
