import { changeId } from '#contracts';
import { isReport } from '../../merge/message-fact.js';
import { REPORT_DUE_AT } from '../../merge/message-state.js';
import type { LetterTrace } from './letters.js';
import type { Mask } from './masked.js';
import type { FactTrace, MessageTrace } from './message-trace.js';
import type { ReceiptStory } from './receipt-story.js';
import type { ReceiptTrace } from './receipt-trace.js';

/** Something that happened, or will. */
export interface Step {
  /** Unix ms; null: nobody knows. */
  readonly at: number | null;
  /** A word for it. */
  readonly what: string;
  readonly says: string;
  /** Where it lies and by which id it is known. */
  readonly where: readonly string[];
}

/** The way of a message through all topics, in order of time. */
export function stepsOfMessage(trace: MessageTrace, mask: Mask): readonly Step[] {
  const receipts = new Map(trace.facts.map(({ receipt }) => [receipt.id, receipt]));
  const due = trace.state[REPORT_DUE_AT];
  return inOrder([
    ...[...receipts.values()].map(receiptStep),
    ...trace.facts.map((fact) => factStep(fact, mask)),
    ...trace.letters.flatMap(letterSteps),
    ...trace.told.map(({ at, revision, status, position, id }) => ({
      at,
      what: 'told',
      says: `revision ${revision}: ${status}`,
      where: [position, `id ${id}`],
    })),
    rowStep(trace, mask),
    ...(due === null
      ? []
      : [{ at: Date.parse(due), what: 'due', says: 'if no final report has come: expired', where: [] }]),
  ]);
}

/** The way of a receipt. */
export function stepsOfReceipt({
  receipt,
  events,
  letters,
}: Pick<ReceiptStory, 'receipt' | 'events' | 'letters'>): readonly Step[] {
  return inOrder([
    receiptStep(receipt),
    ...events.map(({ at, type, key, position, id, isProjected }) => ({
      at,
      what: 'event',
      says: `${shortType(type)}${isProjected === false ? ', waits for the projector' : ''}`,
      where: [position, `id ${id}`, `key ${key}`],
    })),
    ...events.flatMap(({ told }) =>
      told === null
        ? []
        : [{ at: told.at, what: 'told', says: 'subscribers', where: [told.position, `id ${told.id}`] }],
    ),
    ...stepsOfLetters(letters),
  ]);
}

/** When something became a dead letter, and what was done about it. */
export function stepsOfLetters(letters: readonly LetterTrace[]): readonly Step[] {
  return inOrder(letters.flatMap(letterSteps));
}

/** Draws steps: when, what, and below it where. */
export function draw(steps: readonly Step[]): readonly string[] {
  const width = Math.max(0, ...steps.map(({ what }) => what.length));
  const indent = ' '.repeat(INSTANT_WIDTH + 2 + width + 2);
  return steps.flatMap(({ at, what, says, where }) => [
    `${instant(at).padEnd(INSTANT_WIDTH)}  ${what.padEnd(width)}  ${says}`,
    ...where.map((line) => indent + line),
  ]);
}

const INSTANT_WIDTH = '2026-07-09T03:01:33.000Z'.length;

function instant(at: number | null): string {
  return at === null ? 'at some time' : new Date(at).toISOString();
}

/** What has no time stands first: it was there before what came of it. */
function inOrder(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

const DOORS: Readonly<Record<string, string>> = {
  http: 'pushed',
  mns: 'fetched from its queue',
  query: 'asked for',
  redrive: 'sent in again',
};

function receiptStep(receipt: ReceiptTrace): Step {
  const { id, position, whereabouts, receivedAt, writtenAt, source, transport, authenticatedBy, queuedAt } = receipt;
  if (id === position) {
    return { at: writtenAt, what: 'submitted', says: 'told by the sending service', where: [whereOf(receipt)] };
  }
  const late = writtenAt !== null && receivedAt !== null && writtenAt - receivedAt > LATE;
  const says =
    whereabouts === 'there'
      ? `by ${source ?? 'an unknown source'}: ${DOORS[transport ?? ''] ?? transport ?? 'by an unknown door'}, proved by ${authenticatedBy ?? 'nothing'}` +
        (queuedAt === null ? '' : `, in the queue since ${instant(queuedAt)}`) +
        (late ? `, in Kafka since ${instant(writtenAt)}` : '')
      : 'its record says no more';
  return { at: receivedAt, what: 'received', says, where: [whereOf(receipt), `receipt ${id}`] };
}

/** From then on it did not go straight to Kafka, ms. */
const LATE = 2_000;

function whereOf({ position, whereabouts }: ReceiptTrace): string {
  if (position === null) return 'not found';
  if (whereabouts === 'gone') return `${position} (has left the topic)`;
  return whereabouts === 'replaced' ? `${position} (another record lies there now: the topic was made anew)` : position;
}

function factStep({ fact, receipt, event }: FactTrace, mask: Mask): Step {
  const where = [event?.position ?? 'its event was not found', `id ${fact.id}`];
  const at = event?.at ?? receipt.writtenAt ?? receipt.receivedAt;
  if (!isReport(fact)) return { at, what: 'event', says: 'submitted', where };
  const { status, final, reason, providerCode, segment, occurredAt, reportedBy } = fact.data;
  const said = [
    segment === null ? null : `segment ${segment.number} of ${segment.total}`,
    reason,
    providerCode === null ? null : `code ${mask.words(providerCode)}`,
    final ? 'final' : null,
    reportedBy === 'quittance' ? 'said by Quittance' : null,
  ].filter((each) => each !== null);
  return { at, what: 'event', says: `${status} (${[...said, `happened ${occurredAt}`].join(', ')})`, where };
}

function letterSteps({ at, id, code, stage, detail, element, state, changes }: LetterTrace): readonly Step[] {
  const which = element === null ? '' : `, element ${element} of its receipt`;
  return [
    {
      at: at.getTime(),
      what: 'dead letter',
      says: `${code} at the ${stage}${which}: ${detail}`,
      where: [`${id}, ${state}`],
    },
    ...changes.map((change) => ({
      at: change.at.getTime(),
      what: change.state,
      says: `dead letter ${id}, by ${change.by}${change.reason === null ? '' : `: ${change.reason}`}`,
      where: [],
    })),
  ];
}

function rowStep({ key, state, row, told }: MessageTrace, mask: Mask): Step {
  const { provider, account, channel, messageId, recipient, recipientUserId, reference, status, conflict } = state;
  const person = recipient ?? recipientUserId;
  const names = [
    `${provider}/${account} ${channel}`,
    ...(messageId === null ? [] : [`id ${messageId}`]),
    ...(person === null ? [] : [`to ${mask.number(person)}`]),
    ...(reference === null ? [] : [`reference ${mask.reference(reference)}`]),
  ];
  const isTold = told.some(({ id }) => id === changeId(key, row.revision));
  return {
    at: row.writtenAt,
    what: 'row',
    says: `${status} since ${state.occurredAt}${conflict ? ', in conflict' : ''}, revision ${row.revision}${isTold ? '' : ' (not found among what subscribers were told)'}`,
    where: [names.join(', '), `key ${key}`],
  };
}

function shortType(type: string): string {
  return type.replace('io.quittance.', '');
}
