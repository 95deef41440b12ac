import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: how often persons have been erased. Writers hold the table locked while they go by what they have read. */
@Entity('erasure_version')
export class ErasureVersionRow {
  @PrimaryColumn('bigint') version!: string;
  /** HMAC-SHA-256 of a fixed text under ERASURE_KEY, to know another key by. Null: nobody has been erased. */
  @Column('bytea', { name: 'key_check', nullable: true }) keyCheck!: Buffer | null;
}
