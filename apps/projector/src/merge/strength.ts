import type { MessageStatusReported } from '#contracts';

/** One rung: which reports stand on it, and why it is where it is. */
interface Rung {
  readonly holds: (report: MessageStatusReported) => boolean;
  readonly why: string;
}

/**
 * Which of two reports about one message says more, weakest first. A report stands on the first rung that holds it.
 */
const LADDER: readonly Rung[] = [
  { holds: ({ status, final }) => status === 'unknown' && !final, why: 'says nothing yet' },
  { holds: ({ status }) => status === 'pending', why: 'the provider has it' },
  { holds: ({ status }) => status === 'sent', why: 'the carrier has it' },
  { holds: ({ reason }) => reason === 'no-receipt', why: 'our own conclusion: any real final report beats it' },
  { holds: ({ status }) => status === 'unknown', why: 'the provider is done, but gave no outcome' },
  { holds: ({ status }) => status === 'failed', why: 'did not arrive, as far as the provider knows' },
  { holds: ({ status }) => status === 'expired', why: 'did not arrive in time: as strong as failed' },
  { holds: ({ status }) => status === 'deleted', why: 'was taken back: as strong as failed' },
  { holds: ({ status }) => status === 'delivered', why: 'a handset confirmed it: a failure beside it is a conflict' },
  { holds: ({ status }) => status === 'rendered', why: 'arrived and was shown' },
  { holds: ({ status }) => status === 'read', why: 'arrived and was opened' },
];

/** Failed, expired and deleted are one rung: the first of them. */
const FIRST_FAILURE = LADDER.findIndex(({ holds }) => holds({ status: 'failed' } as MessageStatusReported));
const LAST_FAILURE = LADDER.findIndex(({ holds }) => holds({ status: 'deleted' } as MessageStatusReported));

const NO_RECEIPT = LADDER.findIndex(({ holds }) => holds({ reason: 'no-receipt' } as MessageStatusReported));

/** The rung of a report: a greater number says more. A status of a newer version counts as `unknown`. */
export function strength(report: MessageStatusReported): number {
  const rung = LADDER.findIndex(({ holds }) => holds(report));
  if (rung === -1) return report.final ? FIRST_FAILURE - 1 : 0;
  return rung > FIRST_FAILURE && rung <= LAST_FAILURE ? FIRST_FAILURE : rung;
}

/** Whether the report says that the message arrived. */
export function saysArrived(report: MessageStatusReported): boolean {
  return strength(report) > LAST_FAILURE;
}

/** Whether our own conclusion that no report came would change nothing: it has been drawn, or more is known. */
export function saysMoreThanNoReceipt(report: MessageStatusReported): boolean {
  return strength(report) >= NO_RECEIPT;
}

/** Whether the provider says that the message did not arrive. */
export function saysLost(report: MessageStatusReported): boolean {
  return report.reason !== 'no-receipt' && strength(report) === FIRST_FAILURE;
}
