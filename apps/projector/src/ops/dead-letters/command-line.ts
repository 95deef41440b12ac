import { userInfo } from 'node:os';
import { TYPED } from '#runtime';
import { parse, refuse, text, time, UsageError, type Values } from '../options.js';
import type { DeadLettersCommand } from './run.js';
import { STATES, type DeadLetterId, type DeadLetterState, type Selection } from './selection.js';

/** How the command is used. */
export const DEAD_LETTERS_USAGE = `${TYPED.ops} dead-letters list [WHICH] [--limit N] [--json]
       ${TYPED.ops} dead-letters show ID [--content]
       ${TYPED.ops} dead-letters redrive ID...|WHICH|--all [--force] [--by NAME] [--dry-run] [--json]
       ${TYPED.ops} dead-letters discard ID...|WHICH|--all [--reason TEXT] [--by NAME] [--dry-run] [--json]
       ${TYPED.ops} dead-letters export ID...|WHICH|--all --to FILE
         WHICH: [--code CODE]... [--source ID]... [--stage normaliser|projector] [--since TIME] [--until TIME] [--state open|redriven|discarded|any]`;

const DEFAULT_LIMIT = '100';
const ID = /^(\d{1,9})\/(\d{1,18})$/;
const CODE = /^[A-Z][A-Z0-9_]{0,49}$/;
const STAGES = ['normaliser', 'projector'];
/** Something to know somebody by, on one line. */
const NAME = /^[^\p{C}]{1,200}$/u;

const WHICH = {
  all: { type: 'boolean', default: false },
  code: { type: 'string', multiple: true },
  source: { type: 'string', multiple: true },
  stage: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  state: { type: 'string' },
} as const;

/**
 * Reads what stands behind `dead-letters`.
 * @throws UsageError
 */
export function readDeadLetters([action, ...args]: readonly string[]): DeadLettersCommand {
  switch (action) {
    case 'list': {
      const { values, words } = parse(args, {
        ...WHICH,
        limit: { type: 'string', default: DEFAULT_LIMIT },
        json: { type: 'boolean', default: false },
      });
      const limit = Number(values.limit);
      refuse(
        !Number.isInteger(limit) || limit < 1 || limit > 1_000_000,
        '--limit must be a whole number from 1 to 1000000',
      );
      refuse(words.length > 0, 'list takes no IDs: show does');
      return { action, selection: selectionOf(values, words), limit, json: values.json === true };
    }
    case 'show': {
      const { values, words } = parse(args, { content: { type: 'boolean', default: false } });
      refuse(words.length !== 1, 'show takes one ID');
      const ids = words.map(idOf);
      return { action, selection: { ...EVERYTHING, ids }, content: values.content === true };
    }
    case 'redrive': {
      const { values, words } = parse(args, {
        ...WHICH,
        by: { type: 'string' },
        force: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      });
      return {
        action,
        selection: narrowed(values, words),
        by: operator(values),
        force: values.force === true,
        dryRun: values['dry-run'] === true,
        json: values.json === true,
      };
    }
    case 'discard': {
      const { values, words } = parse(args, {
        ...WHICH,
        by: { type: 'string' },
        reason: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      });
      const reason = text(values.reason);
      const state = text(values.state);
      refuse(state !== null && state !== 'open', 'discard takes open dead letters only: leave --state out');
      refuse(reason !== null && !NAME.test(reason), '--reason must be up to 200 characters on one line');
      return {
        action,
        selection: narrowed(values, words),
        by: operator(values),
        reason,
        dryRun: values['dry-run'] === true,
        json: values.json === true,
      };
    }
    case 'export': {
      const { values, words } = parse(args, { ...WHICH, to: { type: 'string' } });
      const file = text(values.to);
      refuse(file === null, '--to must name a file, or - for standard output');
      return { action, selection: narrowed(values, words), file: file! };
    }
    case undefined:
    default:
      throw new UsageError(
        action === undefined ? 'dead-letters must say what to do.' : `dead-letters cannot ${action}.`,
      );
  }
}

const EVERYTHING: Selection = {
  ids: null,
  codes: null,
  sources: null,
  stage: null,
  since: null,
  until: null,
  state: null,
};

/** What changes or copies letters must say which; everything only by its own word. */
function narrowed(values: Values, words: readonly string[]): Selection {
  const filters = Object.keys(WHICH).filter((name) => name !== 'all' && values[name] !== undefined);
  const ways = [words.length > 0, filters.length > 0, values.all === true].filter(Boolean).length;
  refuse(ways !== 1, 'say which dead letters: by their IDs, by filters, or --all');
  return selectionOf(values, words);
}

function selectionOf(values: Values, words: readonly string[]): Selection {
  const codes = (values.code ?? null) as string[] | null;
  const stage = text(values.stage);
  const state = text(values.state) ?? (words.length > 0 ? 'any' : 'open');
  refuse(codes !== null && !codes.every((code) => CODE.test(code)), '--code must be a code of docs/errors.md');
  refuse(stage !== null && !STAGES.includes(stage), `--stage must be one of ${STAGES.join(', ')}`);
  refuse(
    state !== 'any' && !STATES.some((known) => known === state),
    `--state must be one of ${STATES.join(', ')}, any`,
  );
  return {
    ids: words.length === 0 ? null : uniqueIds(words),
    codes,
    sources: (values.source ?? null) as string[] | null,
    stage,
    since: time('since', text(values.since)),
    until: time('until', text(values.until)),
    state: state === 'any' ? null : (state as DeadLetterState),
  };
}

function uniqueIds(words: readonly string[]): DeadLetterId[] {
  return [...new Map(words.map((word) => [word, idOf(word)])).values()];
}

function idOf(word: string): DeadLetterId {
  const match = ID.exec(word);
  refuse(match === null, 'an ID is partition/offset, such as 3/128');
  // Without leading zeros, so that one letter has one name.
  return { partition: Number(match![1]), offset: String(BigInt(match![2]!)) };
}

/** Who is to be asked about it later. */
function operator(values: Values): string {
  const by = text(values.by) ?? userName();
  refuse(!NAME.test(by), '--by must be a name of up to 200 characters');
  return by;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have a number only.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
