import type { PlannedMessage } from '../plan/batches.js';
import { foreignDigits, mainlandNumber } from '../plan/made-up-numbers.js';
import type { Outcome } from '../plan/outcomes.js';
import { outcomesOf } from '../plan/outcomes.js';
import type { RunContext } from '../plan/part.js';
import type { Random } from '../plan/random.js';
import { taggedUuid } from '../plan/run-tag.js';
import { timingOf } from '../plan/timing.js';
import { SENDING_ACCOUNT } from './sending-account.js';

/** An element of a status push, in the order of its page (https://www.volcengine.com/docs/6361/171584). */
export interface StatusReport {
  readonly account: string;
  readonly sub_account: string;
  readonly signature: string;
  readonly mobile: string;
  readonly channel_type: string;
  /** The number that it was sent from; absent abroad. */
  readonly service_id?: string;
  /** Unix ms. */
  readonly send_time: number;
  readonly template_id: string;
  /** Tag of the request; absent where there was none. */
  readonly ext?: string;
  readonly message_id: string;
  /** Number of segments. */
  readonly msg_count: number;
  /** Unix ms. */
  readonly recv_time: number;
  readonly status_code: string;
  readonly description: string;
  /** Abroad only: network and country. */
  readonly mccmnc?: string;
  readonly iso_code?: string;
}

/** Codes of https://www.volcengine.com/docs/6361/69438; the last is in no table. */
const OUTCOMES: readonly Outcome[] = [
  { weight: 900, status: 'delivered', reason: null, code: '0', text: 'DELIVRD' },
  { weight: 30, status: 'failed', reason: 'number', code: 'NE:0105', text: '关机或无响应' },
  { weight: 15, status: 'failed', reason: 'number', code: 'NE:0100', text: '非法手机号' },
  { weight: 15, status: 'failed', reason: 'blocked', code: 'CR:0201', text: '黑名单拦截' },
  { weight: 10, status: 'failed', reason: 'throttled', code: 'CR:0202', text: '频次管控' },
  { weight: 10, status: 'failed', reason: 'route', code: 'NE:0106', text: '携号转网问题' },
  { weight: 10, status: 'failed', reason: 'content', code: 'CR:0200', text: '内容拦截' },
  { weight: 5, status: 'failed', reason: 'config', code: 'CR:0204', text: '计费异常' },
  { weight: 5, status: 'failed', reason: 'unknown', code: 'XX:0001', text: '' },
];

const KINDS = ['OTP', 'NTC', 'MKT'] as const;
const SECOND = 1000;

/** Messages; one report about each, however many segments it has. */
export function planStatusReports(context: RunContext, count: number): PlannedMessage<StatusReport>[] {
  const { random, tag } = context;
  return Array.from({ length: count }, (_, index) => {
    const { at, sentAt, reportedAt } = timingOf(context, index / count);
    const { recipient, ...destination } = destinationOf(random);
    const { mobile, channel_type, service_id, ...network } = destination;
    const id = taggedUuid(random, tag);
    const reference = random.chance(0.6) ? `ord-${tag}-${index}` : null;
    const size = random.chance(0.85) ? 1 : random.between(2, 5);
    const reports = outcomesOf(context, OUTCOMES).map(({ outcome, delay, behind }) => {
      const happenedAt = reportedAt + delay * SECOND;
      const push: StatusReport = {
        ...SENDING_ACCOUNT,
        signature: '示例',
        mobile,
        channel_type,
        ...(service_id === undefined ? {} : { service_id }),
        send_time: sentAt,
        template_id: 'SPT_00000001',
        ...(reference === null ? {} : { ext: reference }),
        message_id: id,
        msg_count: size,
        recv_time: happenedAt,
        status_code: outcome.code,
        description: outcome.text,
        ...network,
      };
      return {
        at: Math.min(1, at + behind),
        push,
        says: {
          status: outcome.status,
          reason: outcome.reason,
          code: outcome.code,
          at: happenedAt,
          sentAt,
          recipient,
          reference,
          segment: null,
        },
      };
    });
    return { about: { provider: 'volcengine', channel: 'sms', messageId: id, sender: service_id ?? null }, reports };
  });
}

type Destination = Pick<StatusReport, 'mobile' | 'channel_type' | 'service_id' | 'mccmnc' | 'iso_code'>;

/** How numbers abroad are written is not documented: with a plus, or without; then their country is not certain. */
function destinationOf(random: Random): Destination & { readonly recipient: string } {
  const number = random.between(0, 9_999);
  const kind = random.pick(KINDS);
  if (random.chance(0.85)) {
    const mobile = mainlandNumber(number);
    return { recipient: `+86${mobile}`, mobile, channel_type: `CN_${kind}`, service_id: '1069669400000' };
  }
  const digits = foreignDigits(number);
  const network = digits.startsWith('1') ? { mccmnc: '310260', iso_code: 'US' } : { mccmnc: '23415', iso_code: 'GB' };
  const mobile = random.chance(0.5) ? `+${digits}` : digits;
  return { recipient: mobile, mobile, channel_type: `I18N_${kind}`, ...network };
}
