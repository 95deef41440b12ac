import { parseArgs } from 'node:util';
import { Refusal } from '../dev/refusal.js';

/** What can be measured. */
export type BenchName =
  'ingest' | 'overload' | 'pipeline' | 'project' | 'parse' | 'queue' | 'spool' | 'outage' | 'start' | 'million';

/** Parts of `project`. */
export type ProjectPart = 'fresh' | 'unpublished' | 'updates' | 'disorder' | 'growth';

/** What to measure, and how long. */
export interface BenchOptions {
  readonly bench: BenchName;
  /** How often everything is measured; the median counts. */
  readonly repetitions: number;
  /** `ingest`, `overload`, `spool`: length of a step of the load; `outage`: what comes before it. Seconds. */
  readonly seconds: number;
  /** How many receipts a topic (`pipeline`) or a queue (`queue`) is filled with. */
  readonly receipts: number;
  /** `queue`: how long idle queues are watched. */
  readonly minutes: number;
  /** `project`: how many events each part is about. */
  readonly events: number;
  /** `project`: which parts. */
  readonly parts: readonly ProjectPart[];
  /** `project`: how many rows the table holds before the events of `growth` come, one after the other. */
  readonly rows: readonly number[];
  /** `outage`: how long Postgres is away, seconds. */
  readonly outage: number;
  /** `outage`: live receipts a second, before, during and after. */
  readonly rate: number;
  /** `million`: different facts. */
  readonly facts: number;
  /** `million`: processes that are killed on the way. */
  readonly kills: number;
  /** `pipeline`: leaves the projector out. */
  readonly onlyNormalise: boolean;
  /** `ingest`, `pipeline`: share of the receipts that are traced; null: nothing is, and nothing of it is loaded. */
  readonly traced: number | null;
  /** Gets a CPU profile of each app; null: they run without a profiler. */
  readonly profileDirectory: string | null;
}

const USAGE = `Usage: npm run bench -- ingest   [--repetitions N] [--seconds N] [--traced SHARE] [--profile DIRECTORY]
       npm run bench -- overload [--repetitions N] [--seconds N] [--profile DIRECTORY]
       npm run bench -- pipeline [--repetitions N] [--receipts N] [--only normalise] [--traced SHARE]
                                 [--profile DIRECTORY]
       npm run bench -- project  [--repetitions N] [--events N] [--parts fresh,unpublished,updates,disorder,growth]
                                 [--rows N,N,...] [--profile DIRECTORY]
       npm run bench -- queue    [--repetitions N] [--receipts N] [--minutes N] [--profile DIRECTORY]
       npm run bench -- spool    [--repetitions N] [--seconds N] [--profile DIRECTORY]
       npm run bench -- outage   [--repetitions N] [--seconds N] [--outage SECONDS] [--rate N] [--profile DIRECTORY]
       npm run bench -- start    [--repetitions N] [--profile DIRECTORY]
       npm run bench -- parse    [--repetitions N]
       npm run bench -- million  [--repetitions N] [--facts N] [--kills N]`;

const NAMES: readonly string[] = [
  'ingest',
  'overload',
  'pipeline',
  'project',
  'parse',
  'queue',
  'spool',
  'outage',
  'start',
  'million',
] satisfies BenchName[];

const PARTS: readonly string[] = ['fresh', 'unpublished', 'updates', 'disorder', 'growth'] satisfies ProjectPart[];

/**
 * Reads the command line.
 * @throws Refusal that says how it is used
 */
export function readCommandLine(args: readonly string[]): BenchOptions {
  const { positionals, values } = parse(args);
  const [bench, ...others] = positionals;
  if (bench === undefined || !NAMES.includes(bench) || others.length > 0) throw new Refusal(USAGE);
  return {
    bench: bench as BenchName,
    repetitions: count('repetitions', values.repetitions),
    seconds: count('seconds', values.seconds),
    receipts: count('receipts', values.receipts ?? (bench === 'queue' ? '30000' : '200000')),
    minutes: count('minutes', values.minutes),
    events: count('events', values.events),
    parts: values.parts.split(',').map(part),
    rows: values.rows.split(',').map((text) => (text === '0' ? 0 : count('rows', text))),
    outage: count('outage', values.outage),
    rate: count('rate', values.rate),
    facts: count('facts', values.facts),
    kills: count('kills', values.kills),
    onlyNormalise: only(values.only),
    traced: share(values.traced),
    profileDirectory: values.profile ?? null,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        repetitions: { type: 'string', default: '1' },
        seconds: { type: 'string', default: '5' },
        receipts: { type: 'string' },
        minutes: { type: 'string', default: '10' },
        events: { type: 'string', default: '300000' },
        parts: { type: 'string', default: 'fresh,unpublished,updates,disorder' },
        rows: { type: 'string', default: '0,1000000,5000000' },
        outage: { type: 'string', default: '600' },
        rate: { type: 'string', default: '2000' },
        facts: { type: 'string', default: '1000000' },
        kills: { type: 'string', default: '20' },
        only: { type: 'string' },
        traced: { type: 'string' },
        profile: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function only(stage: string | undefined): boolean {
  if (stage !== undefined && stage !== 'normalise') throw new Refusal(`--only knows normalise\n${USAGE}`);
  return stage === 'normalise';
}

function share(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^(?:0(?:\.\d{1,6})?|1)$/.test(text)) throw new Refusal(`--traced must be a share from 0 to 1\n${USAGE}`);
  return Number(text);
}

function part(name: string): ProjectPart {
  if (!PARTS.includes(name)) throw new Refusal(`--parts knows ${PARTS.join(', ')}\n${USAGE}`);
  return name as ProjectPart;
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Refusal(`--${name} must be a whole number from 1\n${USAGE}`);
  return Number(text);
}
