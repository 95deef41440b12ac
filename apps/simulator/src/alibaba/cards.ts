import type { PlannedMessage } from '../plan/batches.js';
import { mainlandE164, mainlandNumber } from '../plan/made-up-numbers.js';
import type { Said } from '../plan/message-truth.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import type { Random } from '../plan/random.js';
import { tellStories } from '../plan/stories.js';
import type { ReviewTruth } from '../plan/truth.js';
import { bareNumber } from './ids.js';

/** An element of a MnsCardVender push (https://help.aliyun.com/zh/sms/developer-reference/mnscardvender); only successes. */
export interface CardRendered {
  readonly mobile: string;
  /** The caller's own id: text in pushes, an integer in queues, and taken for either here by turns. */
  readonly outId: string | number;
  /** An integer in the page's table, text in its sample. */
  readonly render_status: string | number;
  readonly desc: string;
}

/** Cards that were rendered, one push for each. */
export function planCards({ random, tag }: RunContext, count: number): PlannedMessage<CardRendered>[] {
  return Array.from({ length: count }, (_, index) => {
    const number = random.between(0, 9_999);
    const outId = index % 2 === 0 ? `card-${tag}-${index}` : bareNumber(`${tag}${String(index).padStart(5, '0')}`);
    const push: CardRendered = {
      mobile: mainlandNumber(number),
      outId: random.chance(0.5) ? outId : String(outId),
      render_status: random.chance(0.5) ? '0' : 0,
      desc: '解析成功',
    };
    const says: Said = {
      status: 'rendered',
      reason: null,
      code: null,
      at: null,
      sentAt: null,
      recipient: mainlandE164(number),
      reference: String(outId),
      segment: null,
    };
    return {
      about: { provider: 'alibaba', channel: 'card-sms', messageId: null, sender: null },
      reports: [{ at: random.fraction(), push, queue: { ...push, outId, render_status: '0' }, says }],
    };
  });
}

/** An element of a MnsCardTemplate push (https://help.aliyun.com/zh/sms/developer-reference/mnscardtemplate-1). */
interface CardTemplate {
  readonly template_code: string;
  readonly approval_status: ApprovalStatus;
  /** One line for each maker. */
  readonly desc: string;
  readonly extData: Readonly<Record<string, string>> | string;
  readonly tmpOps: readonly { readonly vendorCode: string; readonly state: number; readonly desc: string }[];
}

/** In review, approved, rejected. */
type ApprovalStatus = 0 | 1 | 2;

const MAKERS = ['HUAWEI', 'XIAOMI', 'OPPO', 'MEIZU'];
const WORDS = ['审核中', '通过', '驳回'] as const;
const STATUSES = ['pending', 'approved', 'rejected'] as const;

/** What is said about a template, one after the other: some are rejected, and half of those handed in again. */
const STORIES: readonly (readonly ApprovalStatus[])[] = [[0, 1], [0, 1], [0, 2], [0, 2, 0, 1], [0]];

/** Card templates, reported as under review, later with what the handset makers and the whole of them say. */
export function planCardTemplates(context: RunContext, count: number): Part {
  const { random, tag } = context;
  const truth: ReviewTruth[] = [];
  const stories = Array.from({ length: count }, (_, index) => {
    const code = `CARD_SMS_${tag}${String(index).padStart(4, '0')}`;
    const makers = MAKERS.slice(0, random.between(2, MAKERS.length));
    const story = STORIES[index % STORIES.length]!.map((status) => cardTemplate(random, code, status, makers));
    const { approval_status: last, desc } = story.at(-1)!;
    truth.push({
      kind: 'review',
      provider: 'alibaba',
      subject: 'card-template',
      id: code,
      workOrder: null,
      status: STATUSES[last],
      reason: last === 2 ? desc : null,
      occurredAt: null,
    });
    return story;
  });
  const receipts = tellStories(context, stories, { source: 'ali-card-template', name: 'card template', largest: 1 });
  return part(receipts, truth, { reviewReports: stories.flat().length });
}

function cardTemplate(random: Random, code: string, status: ApprovalStatus, makers: readonly string[]): CardTemplate {
  // One maker that refuses is enough.
  const refuser = random.between(0, makers.length - 1);
  const tmpOps = makers.map((vendorCode, index) => {
    const state: ApprovalStatus = status === 2 && index !== refuser ? 1 : status;
    return { vendorCode, state, desc: state === 2 ? '图片不清晰' : WORDS[state] };
  });
  const ext = { ref: code };
  return {
    template_code: code,
    approval_status: status,
    desc: tmpOps.map(({ vendorCode, state }) => `${vendorCode}:${WORDS[state]}`).join('\r\n'),
    extData: random.chance(0.5) ? ext : JSON.stringify(ext),
    tmpOps,
  };
}
