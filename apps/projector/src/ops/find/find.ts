import { TopicReader } from '#kafka';
import { TYPED } from '#runtime';
import { deriveMessage } from '../../merge/message-state.js';
import type { OpsContext } from '../ops-context.js';
import { answerOfMessage, answerOfReceipt, sayLetter } from './answer.js';
import { erasedUntil } from './erased-person.js';
import { Letters } from './letters.js';
import { MASKED, printable, UNMASKED, type Mask } from './masked.js';
import { MOST_MESSAGES, readMessages, type MessageRow } from './message-rows.js';
import { traceMessage, type TraceParts } from './message-trace.js';
import { Allowance } from './near.js';
import type { Question, SoughtMessage } from './question.js';
import { tellReceipt } from './receipt-story.js';
import { askStages, type Stages } from './stages.js';
import { draw, stepsOfLetters, stepsOfMessage, stepsOfReceipt, type Step } from './timeline.js';

/** What looking needs. */
export type FindContext = Pick<
  OpsContext,
  'kafka' | 'topicPrefix' | 'topics' | 'identities' | 'pool' | 'erasures' | 'print'
>;

/** What is printed: a sentence, what happened, and what else there is to say. */
interface Finding {
  readonly answer: string;
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
}

interface Looking extends TraceParts {
  readonly stages: Stages;
  readonly mask: Mask;
}

/**
 * Answers where a receipt or a message is. Reads only: rows and dead letters in Postgres, records in Kafka by their
 * positions, or near a time.
 * @returns whether anything was found
 */
export async function find(context: FindContext, question: Question): Promise<boolean> {
  const { kafka, topicPrefix, topics, identities, pool } = context;
  const reader = new TopicReader(kafka);
  const allowance = new Allowance();
  try {
    const [letters, stages] = await Promise.all([
      Letters.open({ reader, pool, identities, allowance, topic: topics['dead-letters.v1'] }),
      askStages({
        kafka,
        reader,
        pool,
        topicPrefix,
        rawTopic: topics['raw-receipts.v1'],
        eventsTopic: topics['events.v1'],
      }),
    ]);
    const looking: Looking = {
      reader,
      allowance,
      letters,
      stages,
      eventsTopic: topics['events.v1'],
      statusTopic: topics['message-status.v1'],
      mask: question.showPersonal ? UNMASKED : MASKED,
    };
    const { sought } = question;
    return sought.by === 'receipt'
      ? await findReceipt(context, question, looking, sought.value)
      : await findMessages(context, question, looking, sought);
  } finally {
    await reader.close();
  }
}

async function findReceipt(context: FindContext, question: Question, looking: Looking, id: string): Promise<boolean> {
  const story = await tellReceipt({ ...context, ...looking }, id, question.within);
  const keys = [...new Set(story.events.filter(({ type }) => type.includes('.message.status-')).map(({ key }) => key))];
  const notes = keys.slice(0, MOST_MESSAGES).map((key) => `${TYPED.ops} find --key ${key}`);
  if (keys.length > MOST_MESSAGES) notes.push(`and ${keys.length - MOST_MESSAGES} more messages`);
  show(context, question, { answer: answerOfReceipt(story), steps: stepsOfReceipt(story), notes });
  return story.receipt.whereabouts === 'there' || story.letters.length > 0;
}

async function findMessages(
  context: FindContext,
  question: Question,
  looking: Looking,
  sought: SoughtMessage,
): Promise<boolean> {
  const rows = await readMessages(context.pool, sought, question);
  const erased = await erasedUntil(context.pool, context.erasures, sought);
  const ofErasure = erased === null ? [] : [sayErased(erased)];
  if (rows.length === 0) return findLetters(context, question, looking, sought, ofErasure);
  if (rows.length > 1) {
    list(context, question, looking.mask, rows, ofErasure);
    return true;
  }
  const trace = await traceMessage(looking, rows[0]!);
  // What could not be read does not say which message it is about; the id in its bytes does.
  const { final, messageId } = trace.state;
  const unread = final || messageId === null ? [] : await looking.letters.holding([messageId]);
  const letters = [...trace.letters, ...unread.filter(({ id }) => !trace.letters.some((known) => known.id === id))];
  const whole = { ...trace, letters };
  show(context, question, {
    answer: answerOfMessage(whole, looking.mask, looking.stages),
    steps: stepsOfMessage(whole, looking.mask),
    notes: [...trace.gaps, ...ofErasure],
  });
  return true;
}

/** There is no row: perhaps nothing could be read of it yet. */
async function findLetters(
  context: FindContext,
  question: Question,
  { letters, stages }: Looking,
  { by, value }: SoughtMessage,
  ofErasure: readonly string[],
): Promise<boolean> {
  const found = await letters.holding(by === 'recipient' ? formsOf(value) : [value]);
  if (found.length > 0) {
    const more = found.length === 1 ? '' : ` ${found.length - 1} more dead letters hold it too.`;
    const answer = `No row, but it stands in a dead letter: ${sayLetter(found[0]!)}.${more}`;
    show(context, question, { answer, steps: stepsOfLetters(found), notes: ofErasure });
    return true;
  }
  const notes = [
    stages.normaliserBehind + stages.projectorBehind === 0n
      ? 'The stages have read everything that is there.'
      : `It may be on the way: ${stages.normaliserBehind} receipts wait for the normaliser, ${stages.projectorBehind} events for the projector.`,
    `Can the provider reach us at all? ${TYPED.ops} sources check --public-url https://HOST`,
    `Does something lie in a spool, or is something lost? ${TYPED.ops} ledger`,
    `${await letters.countOpen()} dead letters are open, and none of the newest holds it. Rows stay for as long as RETENTION_MESSAGES says.`,
    ...(HIDDEN[by] ?? []),
  ];
  show(context, question, {
    answer: [`Nothing is known of it: there is no message with this ${NOUNS[by]}.`, ...ofErasure].join(' '),
    steps: [],
    notes,
  });
  return false;
}

/** Which rows cannot be found by what was asked for, although they are there. */
const HIDDEN: Partial<Record<SoughtMessage['by'], readonly string[]>> = {
  recipient: ['The row of a number whose country is not certain has none: --message finds it.'],
  user: ['It was looked for as the id that an app has for a person: a number begins with a plus and its country code.'],
  reference: ['The row of who has been erased has no reference: --message finds it.'],
};

const NOUNS = { key: 'key', message: 'id', recipient: 'recipient', user: 'recipient', reference: 'reference' } as const;

function sayErased(until: Date): string {
  return `The person has been erased: what was received before ${until.toISOString()} has neither number nor id any more, and only --message or --key finds it.`;
}

/** A number as providers write it. */
function formsOf(number: string): string[] {
  const digits = number.slice(1);
  return [digits, ...(/^861\d{10}$/.test(digits) ? [digits.slice(2)] : [])];
}

function list(
  { print }: FindContext,
  { json }: Question,
  mask: Mask,
  rows: readonly MessageRow[],
  notes: readonly string[],
): void {
  const shown = rows.slice(0, MOST_MESSAGES).map((row) => {
    const state = deriveMessage(row.facts);
    const person = state.recipient ?? state.recipientUserId;
    return {
      key: row.key,
      occurredAt: state.occurredAt,
      to: person === null ? null : mask.number(person),
      answer: answerOfMessage({ state, letters: [], row }, mask),
    };
  });
  const isCut = rows.length > MOST_MESSAGES;
  if (json) {
    print(JSON.stringify({ messages: shown, isCut, notes }));
    return;
  }
  print(`${isCut ? `More than ${MOST_MESSAGES}` : rows.length} messages; the newest first. --key shows one:`);
  for (const { key, to, answer } of shown) print(printable(`${key}  ${to ?? '-'}  ${answer}`));
  for (const note of notes) print(note);
}

function show({ print }: FindContext, { json }: Question, { answer, steps, notes }: Finding): void {
  if (json) {
    const timed = steps.map((step) => ({ ...step, at: step.at === null ? null : new Date(step.at).toISOString() }));
    print(JSON.stringify({ answer, steps: timed, notes }));
    return;
  }
  print(printable(answer));
  if (steps.length > 0) print('');
  for (const line of draw(steps)) print(printable(line));
  if (notes.length > 0) print('');
  for (const note of notes) print(note);
}
