import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A record of the dead-letters topic, without its content. The highest offset of a partition is also how far the topic
 * has been read, so a row goes only when its record has gone.
 */
@Entity('dead_letter')
@Index('dead_letter_by_receipt', ['receiptId'], { where: '(receipt_id IS NOT NULL)' })
@Index('dead_letter_open', ['code'], { where: `(state = 'open'::text)` })
export class DeadLetterRow {
  /** Which topic of that name, as Kafka's tools show it: an offset means something in one of them only. */
  @PrimaryColumn('text', { name: 'topic_id' }) topicId!: string;
  @PrimaryColumn('integer') partition!: number;
  @PrimaryColumn('bigint', { name: 'record_offset' }) recordOffset!: string;
  @Column('text') code!: string;
  @Column('text') detail!: string;
  @Column('text') stage!: string;
  /** Null: not of a receipt, or its header is malformed. */
  @Column('text', { nullable: true }) source!: string | null;
  @Column('text', { name: 'receipt_id', nullable: true }) receiptId!: string | null;
  /** Null: the whole record failed. */
  @Column('integer', { nullable: true }) element!: number | null;
  /** topic/partition/offset of what failed. */
  @Column('text', { nullable: true }) origin!: string | null;
  /** What gave up: version and configuration. */
  @Column('text', { nullable: true }) reader!: string | null;
  /** partition/offset of the dead letter that it was redriven from, in vain. */
  @Column('text', { name: 'redriven_from', nullable: true }) redrivenFrom!: string | null;
  @Column('timestamptz') at!: Date;
  /** open, redriven or discarded. */
  @Column('text') state!: string;
}
