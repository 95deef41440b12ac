import type { ExpectedReview, Part, Placed, PlannedPush, RunContext } from '../plan/part.js';
import { countBy, part } from '../plan/part.js';
import { beijingTime } from '../plan/vendor-times.js';
import { orderId, signName, templateCode } from './ids.js';

const HOUR = 60 * 60 * 1000;

/**
 * Reviews of SMS signatures and templates by turns; about one in four is rejected. Each is pushed as under review, later
 * with the verdict, under the same work order; alone, as the vendor does. No thread: whichever comes first, the verdict
 * stands.
 */
export function planReviews({ random, tag, startedAt }: RunContext, count: number): Part {
  const pushes: Placed<PlannedPush>[] = [];
  const verdicts: ExpectedReview[] = [];
  for (let index = 0; index < count; index += 1) {
    const isSignature = index % 2 === 0;
    const verdict = random.chance(0.25) ? 'rejected' : 'approved';
    const created = beijingTime(startedAt - random.between(2, 48) * HOUR);
    const at = random.fraction() / 2;
    const push = (place: number, status: string, reason: string): void => {
      const element = isSignature
        ? signatureElement(tag, index, status, reason, created)
        : templateElement(tag, index, status, reason, created);
      const source = isSignature ? 'ali-sign-report' : 'ali-template-report';
      pushes.push({ at: place, what: { source, body: JSON.stringify([element]) } });
    };
    push(at, 'approving', '');
    const refusal = isSignature ? '资质证明不符' : '模板内容含错别字';
    push(at + 0.1 + random.fraction() * 0.4, verdict, verdict === 'rejected' ? refusal : '');
    verdicts.push(verdict);
  }
  return part(pushes, { reviews: countBy(verdicts), reviewReports: pushes.length });
}

/** An element of a SignSmsReport push (https://help.aliyun.com/document_detail/120998.html). */
function signatureElement(tag: string, index: number, status: string, reason: string, created: string) {
  return {
    sign_source: '企事业单位的全称或简称',
    reason,
    sign_name: signName(tag, index),
    orderId: orderId(tag, index),
    sign_status: status,
    remark: '登录验证码',
    sign_scene: '通用',
    create_date: created,
  };
}

/** An element of a TemplateSmsReport push (https://help.aliyun.com/document_detail/120999.htm). */
function templateElement(tag: string, index: number, status: string, reason: string, created: string) {
  return {
    template_type: '验证码',
    reason,
    template_name: '登录验证码',
    orderId: orderId(tag, index),
    template_content: '您的验证码为${code}，5分钟内有效',
    template_status: status,
    remark: '登录使用',
    template_code: templateCode(tag, index),
    create_date: created,
  };
}
