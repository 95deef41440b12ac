import { DataSource } from 'typeorm';
import { AccountStatusRow } from './account-status.entity.js';
import { DeadLetterChangeRow } from './dead-letter-change.entity.js';
import { DeadLetterRow } from './dead-letter.entity.js';
import { ErasureVersionRow } from './erasure-version.entity.js';
import { ErasureRow } from './erasure.entity.js';
import { MessageRow } from './message.entity.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from './migrations.js';
import { MobileOriginatedRow } from './mobile-originated.entity.js';
import { ProjectorOffsetRow } from './projector-offset.entity.js';
import { ReviewRow } from './review.entity.js';
import { sessionSettings } from './session.js';

/** Entities and migrations over one connection, for migrating; everything else goes through `pg`. */
export function createDataSource(databaseUrl: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url: databaseUrl,
    applicationName: 'quittance-schema',
    entities: [
      MessageRow,
      MobileOriginatedRow,
      ReviewRow,
      AccountStatusRow,
      ProjectorOffsetRow,
      ErasureRow,
      ErasureVersionRow,
      DeadLetterRow,
      DeadLetterChangeRow,
    ],
    migrations: [...MIGRATIONS],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    poolSize: 1,
    // An index on a large table takes as long as it takes.
    extra: sessionSettings(Infinity),
  });
}
