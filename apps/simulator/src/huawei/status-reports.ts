import type { PlannedMessage } from '../plan/batches.js';
import type { Fact } from '../plan/facts.js';
import { foreignDigits, mainlandNumber } from '../plan/made-up-numbers.js';
import type { Said } from '../plan/message-truth.js';
import type { Outcome as AnyOutcome } from '../plan/outcomes.js';
import { outcomesOf } from '../plan/outcomes.js';
import type { RunContext } from '../plan/part.js';
import { pickWeighted, shuffled } from '../plan/random.js';
import { taggedUuid } from '../plan/run-tag.js';
import { timingOf } from '../plan/timing.js';
import { utcSeconds } from '../plan/vendor-times.js';
import { smsMsgId } from './ids.js';

/**
 * A status report, of a message or of one segment of it
 * (https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0063.html). Everything is text, in JSON too: `sequence`,
 * `total`, `updateTime`, `source`, `smsMsgId`, `status`, `orgCode`, `extend`, `to`, `statusDesc`.
 */
export type StatusReport = Readonly<Record<string, string>>;

interface Outcome extends AnyOutcome {
  /** 1 made by the SMS platform, 2 returned by the carrier, 3 made by the Huawei platform. */
  readonly source: '1' | '2' | '3';
}

/** Codes of https://support.huaweicloud.com/intl/en-us/api-msgsms/sms_05_0051.html; the last is a carrier's own. */
const OUTCOMES: readonly Outcome[] = [
  { weight: 860, status: 'delivered', reason: null, code: 'DELIVRD', source: '2', text: '' },
  { weight: 40, status: 'failed', reason: 'number', code: 'UNDELIV', source: '2', text: '' },
  // Made by the platform after 72 hours without a word from the carrier.
  { weight: 30, status: 'expired', reason: null, code: 'EXPIRED', source: '1', text: '' },
  { weight: 20, status: 'failed', reason: 'route', code: 'E200027', source: '3', text: 'no route' },
  { weight: 15, status: 'failed', reason: 'blocked', code: 'REJECTD', source: '2', text: '' },
  { weight: 10, status: 'failed', reason: 'content', code: 'KEYWORD', source: '2', text: '' },
  { weight: 5, status: 'deleted', reason: null, code: 'DELETED', source: '2', text: '' },
  { weight: 20, status: 'failed', reason: 'unknown', code: 'MK:0001', source: '2', text: '' },
];

/** The carrier has it; normally not shown. */
const ACCEPTED: Outcome = { weight: 0, status: 'pending', reason: null, code: 'ACCEPTD', source: '2', text: '' };

/** Share of messages that a carrier first says it has accepted. */
const ANNOUNCED = 0.05;
/** Share of long messages whose segments do not all fare the same. */
const DIFFERENT = 0.15;
/** Share of long messages of which one segment is never heard of. */
const UNHEARD = 0.03;

const SECOND = 1000;

/**
 * Messages; a long one has a report for each segment, and its segments may fare differently. The number is there only
 * where the sender gave an `extend`.
 */
export function planStatusReports(context: RunContext, count: number): PlannedMessage<StatusReport>[] {
  const { random, tag } = context;
  const messages: PlannedMessage<StatusReport>[] = [];
  while (messages.length < count) {
    const uuid = taggedUuid(random, tag);
    const recipients = Math.min(count - messages.length, random.between(1, 8));
    for (let recipient = 0; recipient < recipients; recipient += 1) {
      const id = smsMsgId(uuid, 1_000 + recipient);
      messages.push({
        about: { provider: 'huawei', channel: 'sms', messageId: id, sender: null },
        reports: reportsOf(context, id, (0.8 * messages.length) / count),
      });
    }
  }
  return messages;
}

/** What all reports about a message have. */
interface Sent {
  readonly id: string;
  readonly carrier: StatusReport;
  /** The caller's text, and the number that comes with it; null: neither. */
  readonly echo: { readonly reference: string; readonly recipient: string } | null;
}

function reportsOf(context: RunContext, id: string, place: number): Fact<StatusReport, Said>[] {
  const { random } = context;
  const total = random.chance(0.25) ? random.between(2, 4) : 1;
  const isAbroad = random.chance(0.2);
  const number = random.between(0, 999);
  const recipient = `+${isAbroad ? foreignDigits(number) : `86${mainlandNumber(number)}`}`;
  const sent: Sent = {
    id,
    carrier: isAbroad ? { orgCode: '000' } : {},
    echo: random.chance(0.4) ? { reference: `order=${number}&x`, recipient } : null,
  };
  const { at, reportedAt } = timingOf(context, place);
  const common = outcomesOf(context, OUTCOMES);
  const isDifferent = total > 1 && random.chance(DIFFERENT);
  const unheard = total > 1 && random.chance(UNHEARD) ? random.between(1, total) : null;
  const isAnnounced = random.chance(ANNOUNCED);

  const segments = Array.from({ length: total }, (_, index) => index + 1).filter((segment) => segment !== unheard);
  return shuffled(random, segments).flatMap((segment, step) => {
    const begin = Math.min(1, at + 0.02 * step);
    const updatedAt = reportedAt + segment * SECOND;
    const told = isDifferent ? [{ outcome: pickWeighted(random, OUTCOMES), delay: 0, behind: 0 }] : common;
    const reports = told.map(({ outcome, delay, behind }) =>
      reportOf(sent, { segment, total, outcome, updatedAt: updatedAt + delay * SECOND }, Math.min(1, begin + behind)),
    );
    const accepted = reportOf(sent, { segment, total, outcome: ACCEPTED, updatedAt: updatedAt - SECOND }, begin);
    return isAnnounced
      ? [accepted, ...reports.map((report) => ({ ...report, at: Math.min(1, report.at + 0.02) }))]
      : reports;
  });
}

interface Reported {
  readonly segment: number;
  readonly total: number;
  readonly outcome: Outcome;
  /** Unix ms. */
  readonly updatedAt: number;
}

function reportOf(
  { id, carrier, echo }: Sent,
  { segment, total, outcome, updatedAt }: Reported,
  at: number,
): Fact<StatusReport, Said> {
  // The platform has no time of the carrier's to tell.
  const isTimed = outcome.source !== '1';
  return {
    at,
    push: {
      sequence: String(segment),
      total: String(total),
      ...(isTimed ? { updateTime: utcSeconds(updatedAt) } : {}),
      source: outcome.source,
      smsMsgId: id,
      status: outcome.code,
      ...carrier,
      ...(outcome.text === '' ? {} : { statusDesc: outcome.text }),
      ...(echo === null ? {} : { extend: echo.reference, to: echo.recipient }),
    },
    says: {
      status: outcome.status,
      reason: outcome.reason,
      code: outcome.code,
      at: isTimed ? updatedAt : null,
      sentAt: null,
      recipient: echo?.recipient ?? null,
      reference: echo?.reference ?? null,
      segment: total > 1 ? { number: segment, total } : null,
    },
  };
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
