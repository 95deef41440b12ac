import type {
  AccountAspect,
  AccountSubjectKind,
  Count,
  EventOrigin,
  Extra,
  Instant,
  TimeOrigin,
  Uuid,
} from './vocabulary.js';

/** What an account notice is about. */
export interface AccountSubject {
  readonly kind: AccountSubjectKind;
  readonly id: string;
}

/** `io.quittance.account.status-reported.v1`: a notice about an account, number, template or a person's consent. */
export interface AccountStatusReported extends EventOrigin {
  readonly subjectKey: Uuid;
  readonly subject: AccountSubject;
  readonly aspect: AccountAspect;
  /** The provider's word for the new state. */
  readonly value: string;
  /** A messaging limit, where one is given. */
  readonly limit: string | null;
  readonly reason: string | null;
  readonly occurredAt: Instant;
  readonly occurredAtFrom: TimeOrigin;
  readonly extra: Extra;
}

/** `io.quittance.account.status-changed.v1`: the state became this. Full state each time. */
export interface AccountStatusChanged extends AccountStatusReported {
  readonly previousValue: string | null;
  /** Id of the event that caused the change. */
  readonly causedBy: Uuid;
  /** Grows by one with every published change: drop what is not newer than what you have. */
  readonly revision: Count;
}
