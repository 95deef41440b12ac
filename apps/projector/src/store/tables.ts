import type { AccountStatusReported, MessageOriginated, ReviewStatusReported } from '#contracts';
import type { AccountState } from '../merge/account-state.js';
import { isReport, joinMessageFacts, type MessageFact } from '../merge/message-fact.js';
import { REPORT_DUE_AT, type MessageState } from '../merge/message-state.js';
import type { ReviewState } from '../merge/review-state.js';
import { AggregateTable } from './aggregates.js';

/** Messages, and the reports and submissions that tell of them. */
export const messageTable = new AggregateTable<MessageFact, MessageState>(
  'message',
  'message_key',
  [
    { name: 'provider', type: 'text', value: ({ provider }) => provider },
    { name: 'account', type: 'text', value: ({ account }) => account },
    { name: 'channel', type: 'text', value: ({ channel }) => channel },
    { name: 'message_id', type: 'text', value: ({ messageId }) => messageId },
    { name: 'sender', type: 'text', value: ({ sender }) => sender },
    { name: 'recipient', type: 'text', value: ({ recipient }) => recipient },
    // Rows from before the column lack it until they are written again, though subscribers have it.
    { name: 'recipient_user_id', type: 'text', value: ({ recipientUserId }) => recipientUserId, unpublished: true },
    { name: 'reference', type: 'text', value: ({ reference }) => reference },
    { name: 'status', type: 'text', value: ({ status }) => status },
    { name: 'final', type: 'boolean', value: ({ final }) => final },
    { name: 'reason', type: 'text', value: ({ reason }) => reason },
    { name: 'provider_code', type: 'text', value: ({ providerCode }) => providerCode },
    { name: 'conflict', type: 'boolean', value: ({ conflict }) => conflict },
    { name: 'submitted_at', type: 'timestamptz', value: ({ submittedAt }) => submittedAt },
    { name: 'report_due_at', type: 'timestamptz', value: ({ [REPORT_DUE_AT]: dueAt }) => dueAt, unpublished: true },
    { name: 'sent_at', type: 'timestamptz', value: ({ sentAt }) => sentAt },
    { name: 'occurred_at', type: 'timestamptz', value: ({ occurredAt }) => occurredAt },
  ],
  true,
  // A projector that knows reports only must find nothing else among the facts.
  { column: 'submissions', has: (fact) => !isReport(fact), join: joinMessageFacts },
);

/** What people sent: sets of one fact, whose key is the fact's id. */
export const mobileOriginatedTable = new AggregateTable<MessageOriginated, MessageOriginated>(
  'mobile_originated',
  'event_id',
  [
    { name: 'person_key', type: 'uuid', value: ({ personKey }) => personKey },
    { name: 'provider', type: 'text', value: ({ provider }) => provider },
    { name: 'account', type: 'text', value: ({ account }) => account },
    { name: 'channel', type: 'text', value: ({ channel }) => channel },
    { name: 'origin_id', type: 'text', value: ({ originId }) => originId },
    { name: 'sender', type: 'text', value: ({ sender }) => sender },
    { name: 'addressee', type: 'text', value: ({ addressee }) => addressee },
    { name: 'keyword', type: 'text', value: ({ keyword }) => keyword },
    { name: 'occurred_at', type: 'timestamptz', value: ({ occurredAt }) => occurredAt },
  ],
  false,
);

/** Reviews and their reports. */
export const reviewTable = new AggregateTable<ReviewStatusReported, ReviewState>(
  'review',
  'review_key',
  [
    { name: 'provider', type: 'text', value: ({ provider }) => provider },
    { name: 'account', type: 'text', value: ({ account }) => account },
    { name: 'subject_kind', type: 'text', value: ({ subject }) => subject.kind },
    { name: 'subject_id', type: 'text', value: ({ subject }) => subject.id },
    { name: 'review_id', type: 'text', value: ({ reviewId }) => reviewId },
    { name: 'status', type: 'text', value: ({ status }) => status },
    { name: 'reason', type: 'text', value: ({ reason }) => reason },
    { name: 'occurred_at', type: 'timestamptz', value: ({ occurredAt }) => occurredAt },
  ],
  true,
);

/** Accounts, numbers and consent, and the notices about them. */
export const accountStatusTable = new AggregateTable<AccountStatusReported, AccountState>(
  'account_status',
  'subject_key',
  [
    { name: 'provider', type: 'text', value: ({ provider }) => provider },
    { name: 'account', type: 'text', value: ({ account }) => account },
    { name: 'channel', type: 'text', value: ({ channel }) => channel },
    { name: 'subject_kind', type: 'text', value: ({ subject }) => subject.kind },
    { name: 'subject_id', type: 'text', value: ({ subject }) => subject.id },
    { name: 'aspect', type: 'text', value: ({ aspect }) => aspect },
    { name: 'value', type: 'text', value: ({ value }) => value },
    { name: 'occurred_at', type: 'timestamptz', value: ({ occurredAt }) => occurredAt },
  ],
  true,
);
