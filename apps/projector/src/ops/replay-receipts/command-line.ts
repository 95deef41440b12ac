import { TYPED } from '#runtime';
import { parse, refuse, text, time } from '../options.js';
import type { ReplayReceipts } from './replay-receipts.js';

/** How the command is used. */
export const REPLAY_USAGE = `${TYPED.ops} replay --from TIME --until TIME [--source ID]... [--to normaliser] [--rate N] [--dry-run] [--resume 0:OFFSET,...]
       ${TYPED.ops} replay --from TIME --until TIME [--source ID]... --to-file FILE`;

const DEFAULT_RATE = '2000';
const POSITION = /^(\d{1,9}):(\d{1,19})$/;

/**
 * Reads what stands behind `replay`.
 * @throws UsageError
 */
export function readReplay(args: readonly string[]): ReplayReceipts {
  const { values, words } = parse(args, {
    from: { type: 'string' },
    until: { type: 'string' },
    source: { type: 'string', multiple: true },
    to: { type: 'string' },
    'to-file': { type: 'string' },
    rate: { type: 'string', default: DEFAULT_RATE },
    'dry-run': { type: 'boolean', default: false },
    resume: { type: 'string' },
  });
  const from = time('from', text(values.from));
  const until = time('until', text(values.until));
  const to = text(values.to);
  const file = text(values['to-file']);
  const resume = text(values.resume);
  const rate = Number(values.rate);
  refuse(words.length > 0, 'there are words that belong to no option');
  refuse(from === null || until === null, '--from and --until must say which receipts');
  refuse(Date.parse(from!) >= Date.parse(until!), '--from must be before --until');
  refuse(to !== null && to !== 'normaliser', '--to must be normaliser');
  refuse(to !== null && file !== null, '--to and --to-file are two ways');
  refuse(!Number.isInteger(rate) || rate < 1, '--rate must be a whole number from 1');
  return {
    from: Date.parse(from!),
    until: Date.parse(until!),
    sources: values.source === undefined ? null : new Set(values.source as string[]),
    to: file === null ? 'normaliser' : { file },
    rate,
    dryRun: values['dry-run'] === true,
    resume: resume === null ? null : new Map(resume.split(',').map(positionOf)),
  };
}

function positionOf(text: string): [number, bigint] {
  const match = POSITION.exec(text);
  refuse(match === null, '--resume must be partition:offset, several separated by commas');
  return [Number(match![1]), BigInt(match![2]!)];
}
