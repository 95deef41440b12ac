import type {
  AccountAspect,
  AccountSubjectKind,
  Channel,
  Count,
  EventOrigin,
  Extra,
  Instant,
  Labels,
  ProviderId,
  TimeOrigin,
  Uuid,
} from './vocabulary.js';

/** What an account notice is about. */
export interface AccountSubject {
  readonly kind: AccountSubjectKind;
  readonly id: string;
}

/** `io.quittance.account.status-reported.v1`: a notice about an account, number, template or a person's consent. */
export class AccountStatusReported implements EventOrigin {
  declare readonly provider: ProviderId;
  declare readonly account: string;
  declare readonly channel: Channel;
  declare readonly labels: Labels;
  declare readonly subjectKey: Uuid;
  declare readonly subject: AccountSubject;
  declare readonly aspect: AccountAspect;
  /** The provider's word for the new state. */
  declare readonly value: string;
  /** A messaging limit, where one is given. */
  declare readonly limit: string | null;
  declare readonly reason: string | null;
  declare readonly occurredAt: Instant;
  declare readonly occurredAtFrom: TimeOrigin;
  declare readonly extra: Extra;
}

/** `io.quittance.account.status-changed.v1`: the state became this. Full state each time. */
export class AccountStatusChanged extends AccountStatusReported {
  declare readonly previousValue: string | null;
  /** Id of the event that caused the change. */
  declare readonly causedBy: Uuid;
  /** Grows by one with every published change: drop what is not newer than what you have. */
  declare readonly revision: Count;
}
