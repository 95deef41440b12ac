import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Where the review of one signature or template stands, and the set of reports that this is derived from. */
@Entity('review')
@Index('review_by_subject', ['subjectId'])
export class ReviewRow {
  @PrimaryColumn('uuid', { name: 'review_key' }) reviewKey!: string;
  @Column('text') provider!: string;
  @Column('text') account!: string;
  @Column('text', { name: 'subject_kind' }) subjectKind!: string;
  @Column('text', { name: 'subject_id' }) subjectId!: string;
  @Column('text', { name: 'review_id', nullable: true }) reviewId!: string | null;
  @Column('text') status!: string;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
  /** Of the last published change; grows by one with each. */
  @Column('integer') revision!: number;
  /** Counts writes: a writer that read an older row finds it moved on. */
  @Column('integer') version!: number;
  /** The reports, ordered by event id: [{ id, receiptId, rawPosition?, data }]. */
  @Column('json') facts!: unknown;
  @Column('timestamptz', { name: 'written_at', default: () => 'now()' }) writtenAt!: Date;
  @Column('integer', { nullable: true }) derivation!: number | null;
}
