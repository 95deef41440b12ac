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
import { MessagesByUser1763760900000 } from './migrations/1763760900000-messages-by-user.js';

/** Every change of the tables, in order. */
export const MIGRATIONS = [
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
  MessagesByUser1763760900000,
] as const;

/** Where it is written down which of them are done: a `name` each. */
export const MIGRATIONS_TABLE = 'schema_migration';
