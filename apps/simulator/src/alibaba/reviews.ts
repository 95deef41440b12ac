import type { Fact, RoutedFact } from '../plan/facts.js';
import { heard, queued, routed } from '../plan/facts.js';
import { inReceipts } from '../plan/batches.js';
import type { Part, Placed, PlannedReceipt, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { pickWeighted } from '../plan/random.js';
import type { ReviewTruth } from '../plan/truth.js';
import { beijingTime } from '../plan/vendor-times.js';
import { orderId, signName, templateCode } from './ids.js';

/** The vendor's word for where a review stands. */
type Word = 'approving' | 'approved' | 'rejected';

const STATUSES = { approving: 'pending', approved: 'approved', rejected: 'rejected' } as const;

/** What is said under one work order after the other; what was rejected may be handed in again under a new one. */
const STORIES: readonly { readonly weight: number; readonly orders: readonly (readonly Word[])[] }[] = [
  { weight: 60, orders: [['approving', 'approved']] },
  { weight: 12, orders: [['approving', 'rejected']] },
  { weight: 8, orders: [['approving']] },
  {
    weight: 12,
    orders: [
      ['approving', 'rejected'],
      ['approving', 'approved'],
    ],
  },
  { weight: 4, orders: [['approving', 'rejected'], ['approving']] },
  {
    weight: 4,
    orders: [
      ['approving', 'rejected'],
      ['approving', 'rejected'],
      ['approving', 'approved'],
    ],
  },
];

/** What a report says that a table shows. */
interface Says {
  readonly reason: string | null;
}

type ReviewFact = RoutedFact<object, Says>;

const HOUR = 60 * 60 * 1000;

/**
 * Reviews of SMS signatures, or of templates, each report alone in its push. Within one work order it does not matter
 * which comes first: the verdict stands. Of several work orders the one that was reported last counts, and no report says
 * when it was decided: so these are told in order, each report by one door after the other.
 */
export function planReviews(
  context: RunContext,
  source: 'ali-sign-report' | 'ali-template-report',
  count: number,
): Part {
  const { random } = context;
  const receipts: Placed<PlannedReceipt>[] = [];
  const unordered: ReviewFact[] = [];
  const truth: ReviewTruth[] = [];
  let reviewReports = 0;
  for (let index = 0; index < count; index += 1) {
    const { orders } = pickWeighted(random, STORIES);
    const begin = random.fraction() / 2;
    const told = orders.map((words, attempt) =>
      words.map((word, step) =>
        routed(context, source, factOf(context, source, { index, attempt, word, at: begin + 0.2 * step })),
      ),
    );
    reviewReports += told.flat().length;
    if (told.length === 1) unordered.push(...told[0]!);
    else receipts.push(...inThread(context, source, `${source} ${index}`, begin, told.flat()));
    const isSignature = source === 'ali-sign-report';
    truth.push({
      kind: 'review',
      provider: 'alibaba',
      subject: isSignature ? 'sms-signature' : 'sms-template',
      id: isSignature ? signName(context.tag, index) : templateCode(context.tag, index),
      workOrder: orderOf(context, source, index, orders.length - 1),
      status: STATUSES[orders.at(-1)!.at(-1)!],
      reason: heard(told.at(-1)!.at(-1)!).reason,
      occurredAt: null,
    });
  }
  receipts.push(...inReceipts(context, unordered, { source, largest: 1 }));
  return part(receipts, truth, { reviewReports });
}

function inThread(
  context: RunContext,
  source: 'ali-sign-report' | 'ali-template-report',
  thread: string,
  begin: number,
  facts: readonly ReviewFact[],
): Placed<PlannedReceipt>[] {
  return facts.flatMap((fact, step) => {
    const at = begin + ((1 - begin) * step) / facts.length;
    return fact.doors.map((door) => {
      const what: PlannedReceipt =
        door === 'push'
          ? { door, source, thread, body: JSON.stringify([fact.push]) }
          : queued(context, source, fact, thread);
      return { at, what };
    });
  });
}

/** Work orders of signatures and templates are numbered together. */
function orderOf({ tag }: RunContext, source: string, index: number, attempt: number): string {
  return orderId(tag, (index * 3 + attempt) * 2 + (source === 'ali-sign-report' ? 0 : 1));
}

interface Step {
  readonly index: number;
  readonly attempt: number;
  readonly word: Word;
  readonly at: number;
}

function factOf(
  context: RunContext,
  source: 'ali-sign-report' | 'ali-template-report',
  { index, attempt, word, at }: Step,
): Fact<object, Says> {
  const { random, tag, startedAt } = context;
  const order = orderOf(context, source, index, attempt);
  const created = beijingTime(startedAt - (48 - attempt * 12 - (index % 10)) * HOUR);
  const isSignature = source === 'ali-sign-report';
  const refusal = word === 'rejected' ? (isSignature ? '资质证明不符' : '模板内容含错别字') : '';
  const element = isSignature ? signatureElement : templateElement;
  // Of the queue one page shows reason and remark, its table does not list them.
  const isShort = random.chance(0.5);
  return {
    at,
    push: element(tag, { index, order, word, reason: refusal, created }),
    queue: inQueue(element(tag, { index, order, word, reason: refusal, created }), isShort),
    says: { reason: refusal === '' ? null : refusal },
    ...(isShort ? { queueSays: { reason: null } } : {}),
  };
}

/**
 * The order of the pages, which spell the work order in another way in queues
 * (https://help.aliyun.com/document_detail/128742.htm, https://help.aliyun.com/document_detail/128743.htm).
 */
function inQueue({ orderId: order_id, reason, remark, ...rest }: ReviewElement, isShort: boolean): object {
  return isShort ? { ...rest, order_id } : { reason, ...rest, remark, order_id };
}

interface ReviewElement extends Readonly<Record<string, string>> {
  readonly orderId: string;
  readonly reason: string;
  readonly remark: string;
}

interface ReviewValues {
  readonly index: number;
  readonly order: string;
  readonly word: Word;
  readonly reason: string;
  readonly created: string;
}

/** An element of a SignSmsReport push (https://help.aliyun.com/document_detail/120998.html). */
function signatureElement(tag: string, { index, order, word, reason, created }: ReviewValues): ReviewElement {
  return {
    sign_source: '企事业单位的全称或简称',
    reason,
    sign_name: signName(tag, index),
    orderId: order,
    sign_status: word,
    remark: '登录验证码',
    sign_scene: '通用',
    create_date: created,
  };
}

/** An element of a TemplateSmsReport push (https://help.aliyun.com/document_detail/120999.htm). */
function templateElement(tag: string, { index, order, word, reason, created }: ReviewValues): ReviewElement {
  return {
    template_type: '验证码',
    reason,
    template_name: '登录验证码',
    orderId: order,
    template_content: '您的验证码为${code}，5分钟内有效',
    template_status: word,
    remark: '登录使用',
    template_code: templateCode(tag, index),
    create_date: created,
  };
}
