import type { ParseArgsConfig } from 'node:util';
import { storableText, UUID, type TopicName } from '#contracts';
import { parseDuration, TYPED } from '#runtime';
import { CHANNELS_WITH_USERS, numberIdentifiers, userIdentifier } from '../merge/person-identifiers.js';
import { KINDS } from '../kinds.js';
import { DEAD_LETTERS_USAGE, readDeadLetters } from './dead-letters/command-line.js';
import type { DeadLettersCommand } from './dead-letters/run.js';
import { FIND_USAGE, readFind, type Question } from './find/question.js';
import type { LedgerQuestion } from './ledger.js';
import * as options from './options.js';
import { refuse, text, time, UsageError, type Values } from './options.js';
import type { TablePosition } from './rederive.js';
import { readReplay, REPLAY_USAGE } from './replay-receipts/command-line.js';
import type { Recovery } from './recover/recover.js';
import type { ReplayReceipts } from './replay-receipts/replay-receipts.js';
import type { RepublishFilter } from './republish.js';
import type { ReplayRange } from './topic-replay.js';

/** What a command line asks for. */
export type Command = (
  | { readonly name: 'reproject'; readonly range: ReplayRange }
  | { readonly name: 'reproject-stored'; readonly from: TablePosition | null }
  | { readonly name: 'ledger'; readonly question: LedgerQuestion }
  | { readonly name: 'find'; readonly question: Question }
  | { readonly name: 'verify'; readonly replay: boolean }
  | { readonly name: 'republish'; readonly filter: RepublishFilter; readonly rate: number }
  /** Until null: until now. */
  | { readonly name: 'erase'; readonly persons: readonly string[]; readonly until: Date | null }
  | { readonly name: 'erase-stored'; readonly from: TablePosition }
  | { readonly name: 'recover'; readonly recovery: Recovery }
  | { readonly name: 'dead-letters'; readonly command: DeadLettersCommand }
  | { readonly name: 'replay'; readonly replay: ReplayReceipts }
) & {
  /** Null: as the events say. */
  readonly installation: string | null;
};

/** How everything is used. */
export const USAGE = `Usage: ${FIND_USAGE}
       ${TYPED.ops} reproject [--from TIME] [--partitions 0,1,...] [--resume 0:OFFSET,1:OFFSET,...]
       ${TYPED.ops} reproject --stored [--resume TABLE:KEY]
       ${TYPED.ops} verify [--stored]
       ${TYPED.ops} ledger [--hour TIME | --from TIME [--to TIME]] [--source ID] [--wait DURATION] [--json]
       ${TYPED.ops} republish [--topic NAME]... [--since TIME] [--status STATUS] [--provider ID] [--account NAME] [--key UUID] [--rate N]
       ${TYPED.ops} erase [--number +NUMBER]... [--user-id ID... --channel CHANNEL] [--until TIME]
       ${TYPED.ops} erase --resume TABLE:KEY
       ${TYPED.ops} recover [--dry-run] [--rebuilt]
       ${DEAD_LETTERS_USAGE}
       ${REPLAY_USAGE}
       ${TYPED.ops} sources check --help
Times are RFC 3339, such as 2026-07-09T03:01:33Z. Commands that publish events take --installation NAME.`;

const DEFAULT_RATE = '1000';
const HOUR = 3_600_000;
const E164 = /^\+[1-9]\d{3,14}$/;
/** Hosts that take receipts in may be ahead of this one by so much, ms. */
const CLOCK_SKEW = 10 * 60 * 1_000;

/**
 * Reads the command line.
 * @throws UsageError
 */
export function readCommandLine(args: readonly string[]): Command {
  try {
    return readCommand(args);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${error.message}\n${USAGE}`) : error;
  }
}

function readCommand([name, ...rest]: readonly string[]): Command {
  switch (name) {
    case 'find':
      return { name, question: readFind(rest), installation: null };
    case 'reproject':
      return readReproject(rest);
    case 'verify': {
      const { stored, installation } = parse(rest, { stored: { type: 'boolean', default: false } });
      return { name, replay: stored !== true, installation: text(installation) };
    }
    case 'ledger':
      return readLedger(rest);
    case 'republish':
      return readRepublish(rest);
    case 'erase':
      return readErase(rest);
    case 'recover':
      return readRecover(rest);
    case 'dead-letters':
      return { name, command: readDeadLetters(rest), installation: null };
    case 'replay':
      return { name, replay: readReplay(rest), installation: null };
    case undefined:
    default:
      throw new UsageError(name === undefined ? 'There must be a command.' : `There is no command ${name}.`);
  }
}

function readReproject(args: readonly string[]): Command {
  const values = parse(args, {
    stored: { type: 'boolean', default: false },
    from: { type: 'string' },
    partitions: { type: 'string' },
    resume: { type: 'string' },
  });
  const installation = text(values.installation);
  const resume = text(values.resume);
  if (values.stored === true) {
    refuse(values.from !== undefined || values.partitions !== undefined, '--stored reads tables, not partitions');
    return { name: 'reproject-stored', from: resume === null ? null : tablePosition(resume), installation };
  }
  refuse(resume !== null && (values.from ?? values.partitions) !== undefined, '--resume says where to begin by itself');
  const range: ReplayRange = {
    from: values.from === undefined ? null : Date.parse(time('from', text(values.from))!),
    partitions: values.partitions === undefined ? null : text(values.partitions)!.split(',').map(partition),
    resume: resume === null ? null : new Map(resume.split(',').map(offset)),
  };
  return { name: 'reproject', range, installation };
}

function readLedger(args: readonly string[]): Command {
  const values = parse(args, {
    hour: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    source: { type: 'string' },
    wait: { type: 'string', default: '15s' },
    json: { type: 'boolean', default: false },
  });
  const instant = (name: 'hour' | 'from' | 'to') => {
    const value = time(name, text(values[name]));
    return value === null ? null : Date.parse(value);
  };
  const [one, first, last] = [instant('hour'), instant('from'), instant('to')];
  refuse(one !== null && (first ?? last) !== null, '--hour is one hour, --from and --to are several');
  refuse(last !== null && first === null, '--to needs --from');
  const from = hourOf(one ?? first ?? Date.now() - 23 * HOUR);
  const to = hourOf(one ?? last ?? Date.now()) + HOUR;
  const wait = parseDuration(text(values.wait)!);
  refuse(wait === null, '--wait must be a duration, such as 15s');
  refuse(from >= to, '--from must be before --to');
  return {
    name: 'ledger',
    question: {
      range: { from: new Date(from), to: new Date(to) },
      source: text(values.source),
      wait: wait!,
      json: values.json === true,
    },
    installation: text(values.installation),
  };
}

/** Beginning of the hour of an instant, Unix ms. */
function hourOf(instant: number): number {
  return Math.floor(instant / HOUR) * HOUR;
}

function readRepublish(args: readonly string[]): Command {
  const values = parse(args, {
    topic: { type: 'string', multiple: true },
    since: { type: 'string' },
    status: { type: 'string' },
    provider: { type: 'string' },
    account: { type: 'string' },
    key: { type: 'string' },
    rate: { type: 'string', default: DEFAULT_RATE },
  });
  const rate = Number(values.rate);
  refuse(!Number.isInteger(rate) || rate < 1, '--rate must be a whole number from 1');
  const key = text(values.key)?.toLowerCase() ?? null;
  refuse(key !== null && !UUID.test(key), '--key must be a UUID');
  const filter: RepublishFilter = {
    topics: values.topic === undefined ? null : (values.topic as string[]).map(topic),
    since: time('since', text(values.since)),
    status: text(values.status),
    provider: text(values.provider),
    account: text(values.account),
    key,
  };
  return { name: 'republish', filter, rate, installation: text(values.installation) };
}

function readErase(args: readonly string[]): Command {
  const values = parse(args, {
    number: { type: 'string', multiple: true },
    'user-id': { type: 'string', multiple: true },
    channel: { type: 'string' },
    until: { type: 'string' },
    resume: { type: 'string' },
  });
  const installation = text(values.installation);
  const numbers = (values.number ?? []) as string[];
  const userIds = (values['user-id'] ?? []) as string[];
  const channel = text(values.channel);
  const resume = text(values.resume);
  if (resume !== null) {
    refuse(numbers.length + userIds.length > 0 || values.until !== undefined, '--resume erases nobody new');
    return { name: 'erase-stored', from: tablePosition(resume), installation };
  }
  refuse(numbers.length + userIds.length === 0, '--number or --user-id must say who');
  refuse(!numbers.every((number) => E164.test(number)), '--number must be a plus, the country code and the number');
  refuse(userIds.length > 0 !== (channel !== null), '--user-id and --channel come together');
  refuse(userIds.includes(''), '--user-id must not be empty');
  refuse(
    channel !== null && !CHANNELS_WITH_USERS.some((one) => one === channel),
    `--channel must be one of ${CHANNELS_WITH_USERS.join(', ')}`,
  );
  const until = time('until', text(values.until));
  const instant = until === null ? null : new Date(until);
  refuse(instant !== null && instant.getTime() > Date.now() + CLOCK_SKEW, '--until must not be in the future');
  const persons = [
    ...numbers.flatMap(numberIdentifiers),
    ...userIds.map((userId) => userIdentifier(channel!, storableText(userId))),
  ];
  return { name: 'erase', persons, until: instant, installation };
}

function readRecover(args: readonly string[]): Command {
  const values = parse(args, {
    'dry-run': { type: 'boolean', default: false },
    rebuilt: { type: 'boolean', default: false },
  });
  const recovery = { isDryRun: values['dry-run'] === true, isRebuilt: values.rebuilt === true };
  return { name: 'recover', recovery, installation: text(values.installation) };
}

/** Options of a command that takes no words beside them. */
function parse(args: readonly string[], own: NonNullable<ParseArgsConfig['options']>): Values {
  const { values, words } = options.parse(args, { ...own, installation: { type: 'string' } });
  refuse(words.length > 0, 'there are words that belong to no option');
  return values;
}

function partition(value: string): number {
  refuse(!/^\d{1,9}$/.test(value), '--partitions must be whole numbers');
  return Number(value);
}

function offset(value: string): [number, bigint] {
  const match = /^(\d{1,9}):(\d{1,19})$/.exec(value);
  refuse(match === null, '--resume must be partition:offset, several separated by commas');
  return [Number(match![1]), BigInt(match![2]!)];
}

function tablePosition(value: string): TablePosition {
  const [table = '', key = ''] = value.split(':');
  const isKnown = KINDS.some((kind) => kind.table.table === table) && (key === '' || UUID.test(key));
  refuse(!isKnown, '--resume must be table:key');
  return { table, after: key === '' ? null : key };
}

/** A topic as it is called, with or without its version. */
function topic(value: string): TopicName {
  const found = KINDS.map((kind) => kind.topic).find((name) => name === value || name.replace(/\.v\d+$/, '') === value);
  refuse(
    found === undefined,
    `--topic must be one of ${KINDS.map((kind) => kind.topic.replace(/\.v\d+$/, '')).join(', ')}`,
  );
  return found!;
}
