import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The state of one message, and the set of reports that it is derived from. */
@Entity('message')
@Index('message_by_message_id', ['messageId'], { where: 'message_id IS NOT NULL' })
@Index('message_by_recipient', ['recipient', 'occurredAt'], { where: 'recipient IS NOT NULL' })
@Index('message_by_reference', ['reference'], { where: 'reference IS NOT NULL' })
@Index('message_by_status', ['status', 'occurredAt'])
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
  /** The reports, ordered by event id: [{ id, receiptId, data }]. */
  @Column('json') facts!: unknown;
  @Column('timestamptz', { name: 'written_at', default: () => 'now()' }) writtenAt!: Date;
}
