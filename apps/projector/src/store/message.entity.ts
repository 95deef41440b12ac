import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The state of one message, and the set of facts that it is derived from: reports, and that it was submitted. */
@Entity('message')
@Index('message_by_message_id', ['messageId'], { where: 'message_id IS NOT NULL' })
@Index('message_by_recipient', ['recipient', 'occurredAt'], { where: 'recipient IS NOT NULL' })
@Index('message_by_recipient_user', ['recipientUserId', 'occurredAt'], { where: 'recipient_user_id IS NOT NULL' })
@Index('message_by_reference', ['reference'], { where: 'reference IS NOT NULL' })
@Index('message_by_status', ['status', 'occurredAt'])
@Index('message_not_final', ['occurredAt'], { where: 'NOT final' })
@Index('message_report_due', ['reportDueAt'], {
  where: 'report_due_at IS NOT NULL AND expiry_published_at IS NULL AND NOT final',
})
export class MessageRow {
  @PrimaryColumn('uuid', { name: 'message_key' }) messageKey!: string;
  @Column('text') provider!: string;
  @Column('text') account!: string;
  @Column('text') channel!: string;
  @Column('text', { name: 'message_id', nullable: true }) messageId!: string | null;
  @Column('text', { nullable: true }) sender!: string | null;
  @Column('text', { nullable: true }) recipient!: string | null;
  @Column('text', { nullable: true }) reference!: string | null;
  @Column('text') status!: string;
  @Column('boolean') final!: boolean;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('text', { name: 'provider_code', nullable: true }) providerCode!: string | null;
  @Column('boolean') conflict!: boolean;
  @Column('timestamptz', { name: 'sent_at', nullable: true }) sentAt!: Date | null;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
  /** Of the last published change; grows by one with each. */
  @Column('integer') revision!: number;
  /** Counts writes: a writer that read an older row finds it moved on. */
  @Column('integer') version!: number;
  /** The reports, ordered by event id: [{ id, receiptId, rawPosition?, data, erased? }]. */
  @Column('json') facts!: unknown;
  @Column('timestamptz', { name: 'written_at', default: () => 'now()' }) writtenAt!: Date;
  @Column('timestamptz', { name: 'submitted_at', nullable: true }) submittedAt!: Date | null;
  /** When it is time to say that no final report came; null: never, or that has been said. */
  @Column('timestamptz', { name: 'report_due_at', nullable: true }) reportDueAt!: Date | null;
  /** When that was published; not derived: so that it is published once, before it has been projected too. */
  @Column('timestamptz', { name: 'expiry_published_at', nullable: true }) expiryPublishedAt!: Date | null;
  /** Of which law the state is that was published last, see merge/derivation.ts; null: the first. */
  @Column('integer', { nullable: true }) derivation!: number | null;
  /** What the sending service told, in the form of `facts`; null: nothing. */
  @Column('json', { nullable: true }) submissions!: unknown;
  /** `version` as the writer of `submissions` wrote it; another: a projector that does not know them has written since. */
  @Column('integer', { name: 'submissions_version', nullable: true }) submissionsVersion!: number | null;
  /** The id that an app has for the recipient. */
  @Column('text', { name: 'recipient_user_id', nullable: true }) recipientUserId!: string | null;
}
