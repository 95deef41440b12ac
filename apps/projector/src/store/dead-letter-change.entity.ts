import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody has redriven or discarded a dead letter. */
@Entity('dead_letter_change')
export class DeadLetterChangeRow {
  @PrimaryColumn('text', { name: 'topic_id' }) topicId!: string;
  @PrimaryColumn('integer') partition!: number;
  @PrimaryColumn('bigint', { name: 'record_offset' }) recordOffset!: string;
  @PrimaryColumn('timestamptz') at!: Date;
  /** What it became: redriven or discarded. */
  @Column('text') state!: string;
  /** Who said so: a user of the operating system, or `--by`. */
  @Column('text') by!: string;
  /** It was said although it seemed of no use. */
  @Column('boolean') forced!: boolean;
  @Column('text', { nullable: true }) reason!: string | null;
}
