import type { AccountStatusChanged, AccountStatusReported } from '#contracts';
import type { Fact } from './fact-set.js';
import { withoutRepetitions } from './repetitions.js';

/** The state of one aspect of an account, number, template or person, without what tells one change from the next. */
export type AccountState = Omit<AccountStatusChanged, 'previousValue' | 'causedBy' | 'revision'>;

/** The state that a set of notices amounts to: the latest. The order of `facts` does not matter; there is at least one. */
export function deriveAccount(facts: readonly Fact<AccountStatusReported>[]): AccountState {
  return withoutRepetitions(facts).at(-1)!.data;
}
