import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One aspect of an account, number, template or person, and the set of notices that it is derived from. */
@Entity('account_status')
@Index('account_status_by_subject', ['subjectId'])
export class AccountStatusRow {
  @PrimaryColumn('uuid', { name: 'subject_key' }) subjectKey!: string;
  @Column('text') provider!: string;
  @Column('text') account!: string;
  @Column('text') channel!: string;
  @Column('text', { name: 'subject_kind' }) subjectKind!: string;
  @Column('text', { name: 'subject_id' }) subjectId!: string;
  @Column('text') aspect!: string;
  @Column('text') value!: string;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
  /** Of the last published change; grows by one with each. */
  @Column('integer') revision!: number;
  /** Counts writes: a writer that read an older row finds it moved on. */
  @Column('integer') version!: number;
  /** The notices, ordered by event id: [{ id, receiptId, rawPosition?, data }]. */
  @Column('json') facts!: unknown;
  @Column('timestamptz', { name: 'written_at', default: () => 'now()' }) writtenAt!: Date;
  @Column('integer', { nullable: true }) derivation!: number | null;
}
