import type { MessageStatus, StatusReason } from '#contracts';
import { TYPED } from '#runtime';
import { REPORT_DUE_AT, type MessageState } from '../../merge/message-state.js';
import type { LetterTrace } from './letters.js';
import type { Mask } from './masked.js';
import type { MessageTrace } from './message-trace.js';
import { positionOf } from './positions.js';
import type { ReceiptStory } from './receipt-story.js';
import type { Stages } from './stages.js';

/** What the reason of a status means to somebody who waits for a message. */
const REASONS: Readonly<Record<StatusReason, string>> = {
  handset: 'the handset is off, full or faulty',
  number: 'the number does not exist or is not in service',
  blocked: 'the recipient, or a list, blocks it',
  content: 'its text or its sender name was refused',
  throttled: 'too much was sent at once',
  route: 'there is no way to that carrier',
  config: "something in the account's settings is wrong",
  duplicate: 'it is the same as another message',
  'no-receipt': 'no final report came in time',
  unknown: 'no cause that we know was given',
};

const ARRIVED: ReadonlySet<MessageStatus> = new Set(['delivered', 'rendered', 'read']);
const LOST: ReadonlySet<MessageStatus> = new Set(['failed', 'expired', 'deleted']);
/** What a late report may still mend. */
const OPEN: ReadonlySet<MessageStatus> = new Set(['pending', 'sent', 'unknown', 'expired']);

const ADVICE: Readonly<Record<string, string>> = {
  never: ' Sending it again would not help.',
  later: ' Sending it again later may help.',
  'after-fix': ' Sending it again helps once the cause is mended.',
};

/**
 * "Why is this message not delivered?", in a sentence or three.
 * @param stages how far the stages are; null: nobody asked
 */
export function answerOfMessage(
  { state, letters, row }: Pick<MessageTrace, 'state' | 'letters' | 'row'>,
  mask: Mask,
  stages: Stages | null = null,
): string {
  const parts = [verdict(state, row, mask), ofSegments(state)];
  if (state.conflict) parts.push(' Another report says that it did not arrive: a delivery counts more.');
  if (row.facts.some(({ erased }) => erased)) parts.push(' The person has been erased: number and texts are gone.');
  // The letter last: it ends in a command to be copied.
  if (OPEN.has(state.status)) parts.push(ofLag(stages), ofLetters(letters));
  return parts.join('');
}

function verdict(state: MessageState, row: MessageTrace['row'], mask: Mask): string {
  const { status, occurredAt } = state;
  if (ARRIVED.has(status)) return `Delivered: the provider said ${status} at ${occurredAt}.`;
  return LOST.has(status) ? verdictOfLost(state, mask) : verdictOfWaiting(state, row, mask);
}

function verdictOfLost(state: MessageState, mask: Mask): string {
  const { status, reason, occurredAt, final, retry, reportedBy } = state;
  if (reportedBy === 'quittance') {
    return `Not known to be delivered: no final report had come by ${occurredAt}, so Quittance said expired. One that comes late still counts.`;
  }
  const said = [...codes(state, mask), final ? 'final' : 'not final: more may come'].join(', ');
  return `Not delivered: the provider said ${status} at ${occurredAt}: ${REASONS[reason ?? 'unknown']} (${said}).${ADVICE[retry ?? ''] ?? ''}`;
}

/** Pending, sent and unknown; a status of a newer version counts as unknown. */
function verdictOfWaiting(state: MessageState, { expiryPublishedAt }: MessageTrace['row'], mask: Mask): string {
  const { status, occurredAt, submittedAt, segments } = state;
  const wait = ofWait(state[REPORT_DUE_AT], submittedAt, expiryPublishedAt);
  const isOnlySubmitted = occurredAt === submittedAt && state.providerStatus === null && segments.total === null;
  if (isOnlySubmitted) return `Pending: submitted at ${submittedAt}, and no report has come since.${wait}`;
  const said = codes(state, mask);
  const detail = said.length === 0 ? '' : ` (${said.join(', ')})`;
  return status === 'pending' || status === 'sent'
    ? `Pending: the last word is ${status}, at ${occurredAt}${detail}; no final report has come since.${wait}`
    : `Not known: the provider reported at ${occurredAt} without saying what became of it${detail}.${wait}`;
}

function codes({ providerStatus, providerCode, providerDescription }: MessageState, mask: Mask): string[] {
  return [
    ...(providerStatus === null ? [] : [`status ${mask.words(providerStatus)}`]),
    ...(providerCode === null ? [] : [`code ${mask.words(providerCode)}`]),
    ...(providerDescription === null ? [] : [`“${mask.words(providerDescription)}”`]),
  ];
}

function ofWait(due: string | null, submittedAt: string | null, expiryPublishedAt: number | null): string {
  if (expiryPublishedAt !== null) {
    return ` That the wait is over was published at ${new Date(expiryPublishedAt).toISOString()}, and is on its way.`;
  }
  if (due !== null) return ` The timeout is due at ${due}.`;
  return submittedAt === null
    ? ' No sending service has told us of it, so no timeout will end the wait.'
    : ' No timeout is due: nobody said how long to wait, or this came when the wait was over.';
}

function ofSegments({ segments: { total, delivered, failed, pending } }: MessageState): string {
  return total === null
    ? ''
    : ` Of ${total} segments ${delivered} delivered, ${failed} failed, ${pending} not reported for good.`;
}

function ofLetters(letters: readonly LetterTrace[]): string {
  // What was redriven has become facts, or another dead letter.
  const letter = letters.find(({ state }) => state === 'open') ?? letters.find(({ state }) => state === 'discarded');
  return letter === undefined ? '' : ` A report that may be about it is a dead letter: ${sayLetter(letter)}`;
}

/** Why it is one, and what to do about it, or what was done. */
export function sayLetter({ code, id, stage, detail, state, changes }: LetterTrace): string {
  const what = `${code} at the ${stage} (${detail})`;
  const redrive = `${TYPED.ops} dead-letters redrive ${id}`;
  if (state === 'open') return `${what}. When the cause is mended: ${redrive}`;
  const last = changes.at(-1);
  const done = last === undefined ? '' : ` at ${last.at.toISOString()} by ${last.by}`;
  return `${what}, ${state}${done}.${state === 'discarded' ? ` To have it all the same: ${redrive} --force` : ''}`;
}

function ofLag(stages: Stages | null): string {
  if (stages === null || stages.normaliserBehind + stages.projectorBehind === 0n) return '';
  const { normaliserBehind, projectorBehind } = stages;
  return ` Its report may be on the way: ${normaliserBehind} receipts wait for the normaliser and ${projectorBehind} events for the projector.`;
}

/** "Where is this receipt?", in a sentence or three. */
export function answerOfReceipt({ receipt, events, isComplete, letters, ledger, stages }: ReceiptStory): string {
  const { whereabouts, source, transport, receivedAt, position } = receipt;
  if (whereabouts !== 'there') {
    if (letters.length > 0) return `Its record is not found, but it is a dead letter: ${sayLetter(letters[0]!)}`;
    if (whereabouts === 'gone')
      return 'Gone: the topic of raw receipts no longer reaches back to when it was received.';
    return isComplete
      ? `Not found: no record of it was written at the time that its id names, or soon after. It may lie in a spool (${TYPED.ops} ledger shows what does), or have come out of one later: look for longer with --within 6h.`
      : 'Not found in what was looked through: too much was written at that time. --message, --recipient or --reference finds what became of it without looking.';
  }
  const head = `Received at ${iso(receivedAt)} by ${source ?? 'an unknown source'} (${transport ?? 'unknown door'})`;
  const open = letters.filter(({ state }) => state === 'open');
  const ofThem = open.length === 0 ? '' : ` ${open.length} dead letters are open; the first: ${sayLetter(open[0]!)}`;
  if (events.length > 0) {
    const waiting = events.filter(({ isProjected }) => isProjected === false).length;
    const wait = waiting === 0 ? 'projected' : `${waiting} of them not projected yet`;
    return `${head}: ${events.length} event${events.length === 1 ? '' : 's'}, ${wait}.${ofThem}`;
  }
  if (letters.length > 0)
    return `${head}: nothing of it could be read.${ofThem || ` The last of its dead letters: ${sayLetter(letters[0]!)}`}`;
  if (ledger === 'empty') return `${head}: it held no element, so nothing came of it.`;
  if (stages.hasPassed(positionOf(position)) === false) {
    return `${head}: it waits for the normaliser, which is ${stages.normaliserBehind} receipts behind.`;
  }
  if (ledger === 'projected')
    return `${head}, and projected; its events have left the topic, or were written later than was looked for: --within.`;
  return `${head}: no event and no dead letter of it was found${isComplete ? '' : ' in what was looked through'}; ${TYPED.ops} ledger --hour ${iso(receivedAt)} says whether it is missing.`;
}

function iso(time: number | null): string {
  return time === null ? 'an unknown time' : new Date(time).toISOString();
}
