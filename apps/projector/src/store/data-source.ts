import { DataSource } from 'typeorm';
import { AccountStatusRow } from './account-status.entity.js';
import { DeadLetterChangeRow } from './dead-letter-change.entity.js';
import { DeadLetterRow } from './dead-letter.entity.js';
import { ErasureVersionRow } from './erasure-version.entity.js';
import { ErasureRow } from './erasure.entity.js';
import { MessageRow } from './message.entity.js';
import { InitialSchema1763700000000 } from './migrations/1763700000000-initial-schema.js';
import { OffsetIdentity1763760000000 } from './migrations/1763760000000-offset-identity.js';
import { IndexesForQuestions1763760100000 } from './migrations/1763760100000-indexes-for-questions.js';
import { HistoryViews1763760200000 } from './migrations/1763760200000-history-views.js';
import { Submissions1763760300000 } from './migrations/1763760300000-submissions.js';
import { Erasure1763760400000 } from './migrations/1763760400000-erasure.js';
import { SubmissionsBeside1763760500000 } from './migrations/1763760500000-submissions-beside.js';
import { DeadLetters1763760600000 } from './migrations/1763760600000-dead-letters.js';
import { Ledger1763760700000 } from './migrations/1763760700000-ledger.js';
import { DeadLettersByReceipt1763760850000 } from './migrations/1763760850000-dead-letters-by-receipt.js';
import { MobileOriginatedRow } from './mobile-originated.entity.js';
import { ProjectorOffsetRow } from './projector-offset.entity.js';
import { ReviewRow } from './review.entity.js';
import { sessionSettings } from './session.js';

/**
 * Entities and migrations over one connection: for migrating and for reading; the hot path writes through `pg`.
 * @param longestStatement ms; Infinity: an index on a large table takes as long as it takes
 */
export function createDataSource(databaseUrl: string, longestStatement = Infinity): DataSource {
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
    migrations: [
      InitialSchema1763700000000,
      OffsetIdentity1763760000000,
      IndexesForQuestions1763760100000,
      HistoryViews1763760200000,
      Submissions1763760300000,
      Erasure1763760400000,
      SubmissionsBeside1763760500000,
      DeadLetters1763760600000,
      Ledger1763760700000,
      DeadLettersByReceipt1763760850000,
    ],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    poolSize: 1,
    extra: sessionSettings(longestStatement),
  });
}
