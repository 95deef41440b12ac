import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { encodeEvent, type CanonicalEvent } from '#contracts';
import type { OutgoingRecord } from '#kafka';
import { REPOSITORY } from '../../dev/places.js';
import type { BenchStack } from '../bench-stack.js';
import type { BenchOptions, ProjectPart } from '../command-line.js';
import { Installation } from '../installation.js';
import { rounded, type Measurement } from '../measurement.js';
import { residentMebibytes } from '../memory.js';
import { watch } from '../pipeline/progress.js';
import { cost, costs, rate, readings } from '../pipeline/stage-costs.js';
import { committed, number } from '../pipeline/stored.js';
import { disorder, recordOf, type Item } from './disorder.js';
import { fillTable } from './fill-table.js';
import { READ_IN_THE_END, reportEvent, type Course } from './messages.js';
import { compareWithTruth } from './truth.js';
import { writeRecords } from './write-records.js';

const WITHOUT_PUBLISHING = [
  '--import',
  pathToFileURL(join(REPOSITORY, 'dist', 'bench', 'project', 'without-publishing.js')).href,
];

const ONE_REPORT: Course = { reports: ['Delivered'], status: 'delivered', conflict: false };

type Result = Pick<Measurement, 'variant' | 'values' | 'problems'>;

/** One projector, from a full topic to committed rows and published changes, and whether the rows are true. */
export async function measureProject(
  stack: BenchStack,
  options: BenchOptions,
  repetition: number,
  report: (measurement: Measurement) => void,
): Promise<void> {
  for (const part of options.parts) {
    for (const rows of part === 'growth' ? options.rows : [0]) {
      const name = `project_${repetition}_${part}_${rows}`;
      const installation = await Installation.create(stack, name, options.profileDirectory);
      try {
        const result = await PARTS[part]({ stack, installation, events: options.events, rows });
        report({ measure: 'project', repetition, ...result });
      } finally {
        await installation.close();
      }
    }
  }
}

interface Setting {
  readonly stack: BenchStack;
  readonly installation: Installation;
  readonly events: number;
  readonly rows: number;
}

const PARTS: Readonly<Record<ProjectPart, (setting: Setting) => Promise<Result>>> = {
  fresh: (setting) => fresh(setting, true),
  unpublished: (setting) => fresh(setting, false),
  updates,
  disorder: inDisorder,
  growth,
};

/** Every event is about a message of its own. */
async function fresh(setting: Setting, publishing: boolean): Promise<Result> {
  const { installation, events } = setting;
  await writeRecords(
    installation,
    reports(installation, range(events), () => [0], ONE_REPORT),
  );
  const values = await workOff(setting, events, 0, publishing ? [] : WITHOUT_PUBLISHING);
  const problems = await check(installation, range(events), () => ONE_REPORT, 0, publishing);
  return { variant: publishing ? 'first reports' : 'first reports, without publishing', values, problems };
}

/** The second and the third report about messages whose first has been projected. */
async function updates(setting: Setting): Promise<Result> {
  const { installation, events } = setting;
  const messages = Math.ceil(events / 2);
  const first = await writeRecords(
    installation,
    reports(installation, range(messages), () => [0], READ_IN_THE_END),
  );
  await workOff(setting, first, 0);
  const later =
    (await writeRecords(
      installation,
      reports(installation, range(messages), () => [1], READ_IN_THE_END),
    )) +
    (await writeRecords(
      installation,
      reports(installation, range(messages), () => [2], READ_IN_THE_END),
    ));
  const values = await workOff(setting, later, first);
  const problems = await check(installation, range(messages), () => READ_IN_THE_END, 0);
  return { variant: 'second and third reports', values, problems };
}

/** 30 % copies, everything shuffled, 1 % poison. */
async function inDisorder(setting: Setting): Promise<Result> {
  const { installation, events } = setting;
  const { items, messages, poison } = disorder(events);
  await writeRecords(installation, inOrder(installation, items));
  const values = await workOff(setting, items.length, 0);
  const problems = await check(installation, range(messages), undefined, poison);
  return { variant: '30 % copies, shuffled, 1 % poison', values: { ...values, messages, poison }, problems };
}

/** Second and third reports about messages that lie all over a table of many rows. */
async function growth(setting: Setting): Promise<Result> {
  const { installation, events, rows } = setting;
  const messages = Math.ceil(events / 2);
  await fillTable(installation.pool, rows);
  const step = Math.max(1, Math.floor(rows / messages));
  const chosen = (): Iterable<number> => range(messages, step);
  // Of an empty table the first reports are written, too, but not measured.
  const first =
    rows >= messages
      ? 0
      : await writeRecords(
          installation,
          reports(installation, chosen(), () => [0], READ_IN_THE_END),
        );
  if (first > 0) await workOff(setting, first, 0);
  const published = await installation.count('message-status.v1');
  const later = await writeRecords(
    installation,
    reports(installation, chosen(), () => [1, 2], READ_IN_THE_END),
  );
  const values = await workOff(setting, later, first);
  const problems = await check(installation, chosen(), () => READ_IN_THE_END, 0, true, messages - published);
  return { variant: `second and third reports, table of ${rows.toLocaleString('en-US')} rows`, values, problems };
}

/** `count` numbers from 0, `step` apart. */
function* range(count: number, step = 1): Generator<number> {
  for (let at = 0; at < count; at++) yield at * step;
}

function* reports(
  installation: Installation,
  messages: Iterable<number>,
  steps: (message: number) => readonly number[],
  course: Course,
): Generator<OutgoingRecord> {
  const topic = installation.topic('events.v1');
  const record = (event: CanonicalEvent): OutgoingRecord => ({ topic, ...encodeEvent(event) });
  for (const message of messages)
    for (const step of steps(message)) yield record(reportEvent(message, step, 'first', course));
}

function* inOrder(installation: Installation, items: readonly Item[]): Generator<OutgoingRecord> {
  const topic = installation.topic('events.v1');
  for (const item of items) yield recordOf(item, topic);
}

/** Lets a projector work off `events` events beyond those that were before. */
async function workOff(
  { stack, installation }: Setting,
  events: number,
  before: number,
  flags: readonly string[] = [],
): Promise<Record<string, number>> {
  const app = await installation.launch('projector', {}, flags);
  const memory: number[] = [];
  const look = async (): Promise<number> => {
    const done = (await committed(installation)) - before;
    // Once every twentieth of the way.
    if (done >= (events * (memory.length + 1)) / 20) memory.push(residentMebibytes(app.pid));
    return done;
  };
  const progress = await watch(look, events, readings(stack, app.pid)).finally(app.stop);
  return {
    events_s: rate(progress),
    ...costs(progress),
    postgres_cpu_s_per_million: cost(progress, 'postgres'),
    rss_mib_at_first: memory[1] ?? 0,
    rss_mib_at_half: memory[memory.length >> 1] ?? 0,
    rss_mib_at_last: memory.at(-1) ?? 0,
    rss_mib_most: rounded(Math.max(...memory)),
  };
}

/** What is wrong in the end. Every revision must have been published: at least once, more often where a batch was repeated. */
async function check(
  installation: Installation,
  messages: Iterable<number>,
  course: ((message: number) => Course) | undefined,
  poison: number,
  publishing = true,
  publishedBefore = 0,
): Promise<readonly string[]> {
  const { wrong, revisions } = await compareWithTruth(installation.pool, messages, course);
  const changes = (await installation.count('message-status.v1')) + publishedBefore;
  const deadLetters = await installation.count('dead-letters.v1');
  const strangers = await number(installation, "SELECT count(*) AS number FROM message WHERE account <> 'main'");
  return [
    ...(wrong === 0 ? [] : [`${wrong} rows are wrong`]),
    ...(publishing && changes < revisions ? [`${changes} changes published of ${revisions}`] : []),
    ...(!publishing && changes > 0 ? [`${changes} changes published of none`] : []),
    ...(deadLetters < poison ? [`${deadLetters} dead letters of ${poison}`] : []),
    ...(strangers === 0 ? [] : [`${strangers} rows of what is poison`]),
  ];
}
