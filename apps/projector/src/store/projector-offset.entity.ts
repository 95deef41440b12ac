import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a partition has been projected: moved in the same transaction as the rows, and the fence against two writers. */
@Entity('projector_offset')
export class ProjectorOffsetRow {
  @PrimaryColumn('text') topic!: string;
  @PrimaryColumn('integer') partition!: number;
  /** The offset to read next. */
  @Column('bigint', { name: 'next_offset' }) nextOffset!: string;
  @Column('timestamptz', { name: 'written_at', default: () => 'now()' }) writtenAt!: Date;
  /** Of the cluster and of the topic that the offset is of, as Kafka's tools show them. Null: not written yet. */
  @Column('text', { name: 'cluster_id', nullable: true }) clusterId!: string | null;
  @Column('text', { name: 'topic_id', nullable: true }) topicId!: string | null;
}
