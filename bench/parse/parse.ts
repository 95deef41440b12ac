import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeEvent, Identity, parseJson } from '#contracts';
import { PROVIDERS, readReceipt, type Provider, type ReceiptContext } from '#providers';
import { signPush } from '../../apps/simulator/src/huawei/sign-push.js';
import { REPOSITORY } from '../../dev/places.js';
import type { Measurement } from '../measurement.js';

const MAX_EVENT_BYTES = 900 * 1024;
const WARM_UP_MS = 500;
const RUN_MS = 2_000;

const CONTEXT: ReceiptContext = {
  source: '/quittance/bench/main',
  account: 'main',
  channel: 'sms',
  labels: { unit: 'retail' },
  senders: new Map(),
  sendStatusOne: null,
  timeZone: 'Asia/Shanghai',
  identity: new Identity('6f1d6a0e-2c0f-4a55-9b8e-0d7f1d1f5a11'),
  receiptId: '0198f2c0-1111-7000-8000-000000000001',
  receivedAt: '2026-07-09T03:01:34.250Z',
  observedAt: '2026-07-09T03:01:34.250Z',
};

/** A receipt type of a provider, and how a body of many reports is made from one of its fixtures. */
interface Subject {
  readonly provider: Provider;
  readonly receipt: string;
  readonly fixture: string;
  /** The field that tells one report from another. */
  readonly id: string;
  /** Where the list stands; null: the body is the list. */
  readonly list: string | null;
  readonly reports: number;
}

const SUBJECTS: readonly Subject[] = [
  {
    provider: PROVIDERS.alibaba!,
    receipt: 'SmsReport',
    fixture: 'sms-report.batch',
    id: 'biz_id',
    list: null,
    reports: 100,
  },
  {
    provider: PROVIDERS.huawei!,
    receipt: 'BatchStatusReport',
    fixture: 'batch-status-report.mixed',
    id: 'smsMsgId',
    list: 'statusReportList',
    reports: 100,
  },
  {
    provider: PROVIDERS.tencent!,
    receipt: 'SmsStatus',
    fixture: 'sms-status.mixed',
    id: 'sid',
    list: null,
    reports: 100,
  },
];

/** How fast bodies are parsed and mapped, and signatures checked, on one core and without any I/O. */
export function measureParse(repetition: number, report: (measurement: Measurement) => void): void {
  for (const subject of SUBJECTS) {
    const body = bodyOf(subject);
    const type = subject.provider.receiptTypes[subject.receipt]!;
    const { events, deadLetters } = readReceipt(type, body, CONTEXT, MAX_EVENT_BYTES);
    const problems =
      events.length === subject.reports && deadLetters.length === 0 ? [] : ['not every report is an event'];
    const mapped = rate(() => readReceipt(type, body, CONTEXT, MAX_EVENT_BYTES));
    const encoded = rate(() =>
      readReceipt(type, body, CONTEXT, MAX_EVENT_BYTES).events.map((event) => encodeEvent(event)),
    );
    const parsed = rate(() => parseJson(body.toString()));
    report({
      measure: 'parse and map',
      variant: `${subject.provider.id} ${subject.receipt}, ${subject.reports} per body`,
      repetition,
      problems,
      values: {
        receipts_s: mapped * subject.reports,
        with_encoding_receipts_s: encoded * subject.reports,
        json_alone_receipts_s: parsed * subject.reports,
      },
    });
  }
  report(measureVerification(repetition));
}

function measureVerification(repetition: number): Measurement {
  const subject = { ...SUBJECTS[1]!, reports: 50 };
  const body = bodyOf(subject);
  const key = { accessKey: 'access-key', secretKey: 'secret-key' };
  const target = '/receipts/huawei-status';
  const headers = { host: 'receipts.example.com', 'content-type': 'application/json' };
  const now = Date.now();
  const signed = { ...headers, ...signPush({ method: 'POST', target, headers, body }, key, now) };
  const push = { method: 'POST', target, headers: Object.entries(signed).flat(), body };
  const keys = { secrets: new Map([[key.accessKey, key.secretKey]]), maxSkew: null, signedHeaders: new Map() };
  const check = subject.provider.checkSignature!;
  return {
    measure: 'check signature',
    variant: `huawei, bodies of ${subject.reports} reports`,
    repetition,
    problems: typeof check(push, keys, now) === 'string' ? ['the signature does not hold'] : [],
    values: { bodies_s: rate(() => check(push, keys, now)), body_bytes: body.length },
  };
}

function bodyOf({ provider, fixture, id, list, reports }: Subject): Buffer {
  const file = join(REPOSITORY, 'libs', 'providers', 'src', provider.id, 'fixtures', `${fixture}.http`);
  const text = readFileSync(file, 'utf8');
  const example = JSON.parse(text.slice(text.indexOf('\n\n') + 2)) as object;
  const elements = (list === null ? example : (example as Record<string, unknown>)[list]) as object[];
  const many = Array.from({ length: reports }, (_, at) => ({ ...elements[at % elements.length], [id]: `bench-${at}` }));
  return Buffer.from(JSON.stringify(list === null ? many : { ...example, [list]: many }));
}

/** How often a second, by the process' own CPU time: other programs on the machine do not count. */
function rate(work: () => unknown): number {
  repeat(work, WARM_UP_MS);
  const before = process.cpuUsage();
  const times = repeat(work, RUN_MS);
  const { user, system } = process.cpuUsage(before);
  return times / ((user + system) / 1_000_000);
}

function repeat(work: () => unknown, milliseconds: number): number {
  const end = performance.now() + milliseconds;
  let times = 0;
  for (; performance.now() < end; times++) work();
  return times;
}
