import type { ExpectedReview, Part, Placed, PlannedPush, RunContext } from '../plan/part.js';
import { countBy, part } from '../plan/part.js';
import { beijingTime } from '../plan/vendor-times.js';
import { SENDING_ACCOUNT } from './sending-account.js';

const MINUTE = 60_000;

/**
 * Reviews of sender names and templates by turns: only the result is pushed, once. What was rejected is handed in again
 * half the time, under a new work order, and then approved. The times in them say which result is the later one, so they
 * may come in any order.
 */
export function planReviews({ random, tag, startedAt }: RunContext, count: number): Part {
  const pushes: Placed<PlannedPush>[] = [];
  const verdicts: ExpectedReview[] = [];
  for (let index = 0; index < count; index += 1) {
    const isSignature = index % 2 === 0;
    const subject = isSignature ? signature(tag, index) : template(tag, index);
    const push = (attempt: number, opinion: string | null): void => {
      const auditedAt = startedAt - (30 - 10 * attempt) * MINUTE;
      const element = { apply_id: Number(`${tag}${index}${attempt}`), ...subject, ...verdict(opinion, auditedAt) };
      // The pages say array, their samples show one object.
      const body = JSON.stringify(random.chance(0.5) ? [element] : element);
      pushes.push({ at: random.fraction(), what: { source: sourceOf(isSignature), body } });
    };
    const isRejected = random.chance(0.25);
    push(0, isRejected ? '资质证明不符' : null);
    const isRepaired = isRejected && random.chance(0.5);
    if (isRepaired) push(1, null);
    verdicts.push(isRejected && !isRepaired ? 'rejected' : 'approved');
  }
  return part(pushes, { reviews: countBy(verdicts), reviewReports: pushes.length });
}

function sourceOf(isSignature: boolean): 'volcengine-signature' | 'volcengine-template' {
  return isSignature ? 'volcengine-signature' : 'volcengine-template';
}

function verdict(opinion: string | null, auditedAt: number) {
  return {
    audit_result: opinion === null,
    ...(opinion === null ? {} : { audit_opinion: opinion }),
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
