import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who has been erased: what of theirs was received before an instant is to hold nothing personal. */
@Entity('erasure')
export class ErasureRow {
  /** HMAC-SHA-256 of an identifier of theirs, under ERASURE_KEY. */
  @PrimaryColumn('bytea') mac!: Buffer;
  @Column('timestamptz') at!: Date;
}
