import { inReceipts } from '../plan/batches.js';
import type { RoutedFact } from '../plan/facts.js';
import { routed } from '../plan/facts.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import type { Random } from '../plan/random.js';
import type { ReviewTruth } from '../plan/truth.js';
import { instant } from '../plan/truth.js';
import { beijingTime } from '../plan/vendor-times.js';
import { SENDING_ACCOUNT } from './sending-account.js';

/** Where the results of a kind of review are pushed to. */
type ReviewSource = 'volcengine-signature' | 'volcengine-template';

const MINUTE = 60_000;
/** More would not have work orders of their own that are exact as bare numbers. */
const MOST = 20_000;
const REFUSAL = '资质证明不符';

/**
 * Reviews of sender names or of templates: only the result is pushed, once. What was rejected is handed in again half the
 * time, under a new work order, and then approved. The times in them say which result is the later one, so they may come
 * in any order.
 */
export function planReviews(context: RunContext, source: ReviewSource, count: number): Part {
  const { random, tag, startedAt } = context;
  const isSignature = source === 'volcengine-signature';
  const now = startedAt - (startedAt % 1000);
  const facts: RoutedFact<object, null>[] = [];
  const truth: ReviewTruth[] = [];
  for (let index = 0; index < Math.min(count, MOST); index += 1) {
    const subject = isSignature ? signature(tag, index) : template(tag, index);
    const opinions = opinionsOf(random);
    opinions.forEach((opinion, attempt) => {
      const order = orderOf(tag, index, attempt, isSignature);
      const push = { apply_id: Number(order), ...subject, ...verdict(opinion, auditedAt(now, attempt)) };
      facts.push(routed(context, source, { at: random.fraction(), push, says: null }));
    });
    const [last, attempt] = [opinions.at(-1)!, opinions.length - 1];
    truth.push({
      kind: 'review',
      provider: 'volcengine',
      subject: isSignature ? 'sms-signature' : 'sms-template',
      id: 'signature' in subject ? subject.signature : subject.template_id,
      workOrder: orderOf(tag, index, attempt, isSignature),
      status: last === '' ? 'approved' : 'rejected',
      reason: last === '' ? null : last,
      occurredAt: instant(auditedAt(now, attempt)),
    });
  }
  const receipts = inReceipts(context, facts, {
    source,
    largest: 1,
    isRepeated: false,
    // The pages say array, their samples show one object.
    write: (elements) => JSON.stringify(random.chance(0.5) ? elements : elements[0]),
  });
  return part(receipts, truth, { reviewReports: facts.length });
}

/** What the vendor says to each application; empty: approved. */
function opinionsOf(random: Random): readonly string[] {
  if (!random.chance(0.25)) return [''];
  return random.chance(0.5) ? [REFUSAL, ''] : [REFUSAL];
}

function auditedAt(now: number, attempt: number): number {
  return now - (30 - 10 * attempt) * MINUTE;
}

/** A work order; below 2^53 for the first 20,000. */
function orderOf(tag: string, index: number, attempt: number, isSignature: boolean): string {
  return `${tag}${(index * 2 + attempt) * 2 + (isSignature ? 0 : 1)}`;
}

function verdict(opinion: string, auditedAt: number) {
  return {
    audit_result: opinion === '',
    ...(opinion === '' ? {} : { audit_opinion: opinion }),
    audit_time: beijingTime(auditedAt),
  };
}

/** Of a push about a sender name (https://www.volcengine.com/docs/6361/1866413). */
function signature(tag: string, index: number) {
  return { ...SENDING_ACCOUNT, signature: `示例${tag}-${index}`, channel_type: 'CN_NTC,CN_OTP', industry: '通用' };
}

/** Of a push about a template (https://www.volcengine.com/docs/6361/171588). */
function template(tag: string, index: number) {
  return {
    ...SENDING_ACCOUNT,
    template_id: `ST_${tag}${index}`,
    template_name: '登录验证码',
    template_content: '您的验证码为${code}，5分钟内有效',
  };
}
