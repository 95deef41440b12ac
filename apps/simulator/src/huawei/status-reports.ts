import type { PlannedMessage } from '../plan/batches.js';
import { foreignDigits, mainlandNumber } from '../plan/made-up-numbers.js';
import type { ExpectedStatus, Placed, RunContext } from '../plan/part.js';
import type { Random } from '../plan/random.js';
import { pickWeighted, shuffled } from '../plan/random.js';
import { utcSeconds } from '../plan/vendor-times.js';
import { taggedUuid } from '../plan/run-tag.js';
import { smsMsgId } from './ids.js';

/**
 * A status report, of a message or of one segment of it
 * (https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0063.html). Everything is text, in JSON too: `sequence`,
 * `total`, `updateTime`, `source`, `smsMsgId`, `status`, `orgCode`, `extend`, `to`, `statusDesc`.
 */
export type StatusReport = Readonly<Record<string, string>>;

interface Outcome {
  readonly weight: number;
  readonly status: ExpectedStatus;
  readonly code: string;
  /** 1 made by the SMS platform, 2 returned by the carrier, 3 made by the Huawei platform. */
  readonly source: '1' | '2' | '3';
  readonly text?: string;
}

/** Codes of https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0051.html; the last is a carrier's own. */
const OUTCOMES: readonly Outcome[] = [
  { weight: 860, status: 'delivered', code: 'DELIVRD', source: '2' },
  { weight: 40, status: 'failed', code: 'UNDELIV', source: '2' },
  // Made by the platform after 72 hours without a word from the carrier.
  { weight: 30, status: 'expired', code: 'EXPIRED', source: '1' },
  { weight: 20, status: 'failed', code: 'E200027', source: '3', text: 'no route' },
  { weight: 15, status: 'failed', code: 'REJECTD', source: '2' },
  { weight: 10, status: 'failed', code: 'KEYWORD', source: '2' },
  { weight: 5, status: 'deleted', code: 'DELETED', source: '2' },
  { weight: 20, status: 'failed', code: 'MK:0001', source: '2' },
];

const SECOND = 1000;

/**
 * Reports of messages. A long message has one report for each segment, and all of one message say the same. Of a few a
 * carrier first says that it has accepted them. The number is there only where the sender gave an `extend`.
 */
export function planStatusReports(
  { random, tag, startedAt }: RunContext,
  count: number,
): PlannedMessage<StatusReport>[] {
  const messages: PlannedMessage<StatusReport>[] = [];
  while (messages.length < count) {
    const uuid = taggedUuid(random, tag);
    const recipients = Math.min(count - messages.length, random.between(1, 8));
    for (let recipient = 0; recipient < recipients; recipient += 1) {
      const outcome = pickWeighted(random, OUTCOMES);
      const reports = reportsOf(random, smsMsgId(uuid, 1_000 + recipient), outcome, startedAt);
      const begin = (0.8 * messages.length) / count;
      messages.push({
        status: outcome.status,
        reports: reports.map((what, step): Placed<StatusReport> => ({ at: begin + 0.02 * step, what })),
      });
    }
  }
  return messages;
}

function reportsOf(random: Random, id: string, outcome: Outcome, startedAt: number): StatusReport[] {
  const total = random.chance(0.25) ? random.between(2, 4) : 1;
  const isAbroad = random.chance(0.2);
  const number = random.between(0, 999);
  const recipient = `+${isAbroad ? foreignDigits(number) : `86${mainlandNumber(number)}`}`;
  const echo: StatusReport = random.chance(0.4) ? { extend: `order=${number}&x`, to: recipient } : {};
  const carrier: StatusReport = isAbroad ? { orgCode: '000' } : {};
  const updatedAt = startedAt - random.between(5, 30) * SECOND;

  const segments = Array.from({ length: total }, (_, index): StatusReport => ({
    sequence: String(index + 1),
    total: String(total),
    // The platform has no time of the carrier's to tell.
    ...(outcome.source === '1' ? {} : { updateTime: utcSeconds(updatedAt + index * SECOND) }),
    source: outcome.source,
    smsMsgId: id,
    status: outcome.code,
    ...carrier,
    ...(outcome.text === undefined ? {} : { statusDesc: outcome.text }),
    ...echo,
  }));
  const isAnnounced = outcome.code === 'DELIVRD' && total === 1 && random.chance(0.05);
  const accepted = isAnnounced ? segments.map((report) => ({ ...report, status: 'ACCEPTD' })) : [];
  return [...accepted, ...shuffled(random, segments)];
}

/** The body of a batch push: up to 50 reports. */
export function writeBatch(reports: readonly StatusReport[]): string {
  return JSON.stringify({ statusReportList: reports });
}

/** The body of a single push: a form, in no fixed order. */
export function writeForm(fields: Readonly<Record<string, string>>): string {
  // Not URLSearchParams: the vendor writes a blank as %20, and never as a plus.
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
