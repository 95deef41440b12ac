import { beijingTime } from './beijing-time.js';
import type { Random } from './random.js';
import { orderId, signName, templateCode } from './run-ids.js';

/** What the vendor calls a review's state. */
export type Verdict = 'approved' | 'rejected';

/** One reviewed thing: pushed as under review, later with the verdict, under the same work order. */
export interface PlannedReview {
  readonly kind: 'signature' | 'template';
  readonly verdict: Verdict;
  /** The element that is pushed first. */
  readonly approving: Readonly<Record<string, string>>;
  /** The element that is pushed later. */
  readonly decided: Readonly<Record<string, string>>;
}

const HOUR = 60 * 60 * 1000;
const REASONS = { signature: '资质证明不符', template: '模板内容含错别字' };

/** Reviews of SMS signatures and templates by turns; about one in four is rejected. */
export function planReviews(random: Random, tag: string, count: number, startedAt: number): PlannedReview[] {
  return Array.from({ length: count }, (_, index): PlannedReview => {
    const kind = index % 2 === 0 ? 'signature' : 'template';
    const verdict: Verdict = random.chance(0.25) ? 'rejected' : 'approved';
    const created = beijingTime(startedAt - random.between(2, 48) * HOUR);
    const element = (status: string, reason: string): Readonly<Record<string, string>> =>
      kind === 'signature'
        ? signatureElement(tag, index, status, reason, created)
        : templateElement(tag, index, status, reason, created);
    return {
      kind,
      verdict,
      approving: element('approving', ''),
      decided: element(verdict, verdict === 'rejected' ? REASONS[kind] : ''),
    };
  });
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
