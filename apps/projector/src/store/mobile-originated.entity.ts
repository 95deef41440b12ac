import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One message that a person sent. */
@Entity('mobile_originated')
@Index('mobile_originated_by_person', ['personKey', 'occurredAt'])
@Index('mobile_originated_by_sender', ['sender', 'occurredAt'], { where: 'sender IS NOT NULL' })
@Index('mobile_originated_by_keyword', ['keyword', 'occurredAt'], { where: 'keyword IS NOT NULL' })
export class MobileOriginatedRow {
  @PrimaryColumn('uuid', { name: 'event_id' }) eventId!: string;
  @Column('uuid', { name: 'person_key' }) personKey!: string;
  @Column('text') provider!: string;
  @Column('text') account!: string;
  @Column('text') channel!: string;
  @Column('text', { name: 'origin_id', nullable: true }) originId!: string | null;
  @Column('text', { nullable: true }) sender!: string | null;
  @Column('text', { nullable: true }) addressee!: string | null;
  @Column('text', { nullable: true }) keyword!: string | null;
  @Column('timestamptz', { name: 'occurred_at' }) occurredAt!: Date;
  /** Counts writes: a writer that read an older row finds it moved on. */
  @Column('integer') version!: number;
  /** The fact itself, in a set of one: [{ id, receiptId, rawPosition?, data }]. */
  @Column('json') facts!: unknown;
  @Column('timestamptz', { name: 'written_at', default: () => 'now()' }) writtenAt!: Date;
}
