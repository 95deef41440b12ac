import type { SourceId } from '../callbacks.js';
import { SOURCE_IDS } from '../callbacks.js';
import { shareOut } from './shares.js';

/** How many things each source tells of. */
export interface Things {
  readonly of: Readonly<Record<SourceId, number>>;
  /** People who say whether they want messages: the source of chat statuses tells that too. */
  readonly consents: number;
  readonly poison: number;
}

/** Sources of delivery reports, and how many of a thousand messages each reports on. */
const MESSAGES = {
  'ali-sms-report': 340,
  'ali-sms-report-2019': 60,
  'ali-sms-report-intl': 80,
  'ali-globe-report': 40,
  'ali-card-render': 40,
  'ali-chat-status': 180,
  'huawei-status': 100,
  'huawei-status-single': 40,
  'tencent-status': 80,
  'volcengine-status': 40,
} satisfies Partial<Record<SourceId, number>>;

/** Sources of other things, and how many of them there are for each message of the run. */
const PER_MESSAGE = {
  'ali-sms-up': 0.01,
  'ali-chat-inbound': 0.01,
  'huawei-uplink': 0.01,
  'tencent-reply': 0.01,
  'volcengine-uplink': 0.01,
  'ali-sign-report': 0.004,
  'ali-template-report': 0.004,
  'ali-card-template': 0.004,
  'ali-chat-audit': 0.004,
  'volcengine-signature': 0.003,
  'volcengine-template': 0.003,
} satisfies Partial<Record<SourceId, number>>;

const CONSENTS_PER_MESSAGE = 0.004;

/**
 * Shares messages out over the sources that take part, and gives the other sources their things beside them. If no
 * source of delivery reports takes part, `messages` things are shared out over those that do.
 * @param only not empty
 * @param poison for each message
 */
export function thingsOf(messages: number, only: readonly SourceId[], poison: number): Things {
  const takesPart = new Set(only);
  const none = Object.fromEntries(SOURCE_IDS.map((id) => [id, 0])) as Record<SourceId, number>;
  const weights = chosen(MESSAGES, takesPart);
  const rest = chosen(PER_MESSAGE, takesPart);
  const beside = Object.fromEntries(Object.entries(rest).map(([id, share]) => [id, Math.ceil(messages * share)]));
  const isAboutMessages = Object.keys(weights).length > 0;
  return {
    of: isAboutMessages
      ? { ...none, ...beside, ...shareOut(messages, weights) }
      : { ...none, ...shareOut(messages, rest) },
    consents: takesPart.has('ali-chat-status') ? Math.ceil(messages * CONSENTS_PER_MESSAGE) : 0,
    poison: Math.ceil(messages * poison),
  };
}

function chosen(
  weights: Readonly<Partial<Record<SourceId, number>>>,
  takesPart: ReadonlySet<SourceId>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(weights).filter(([id]) => takesPart.has(id as SourceId)));
}
