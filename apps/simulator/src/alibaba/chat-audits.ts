import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import type { Story } from '../plan/stories.js';
import { tellStories } from '../plan/stories.js';
import type { NoticeTruth, ReviewStatus, ReviewTruth } from '../plan/truth.js';
import { wabaId } from './ids.js';

/** An element of a ChatAppAudit push (https://help.aliyun.com/zh/chatapp/developer-reference/chatappaudit-1). */
type ChatAudit = Readonly<Record<string, string>>;

/** `AuditStatus` of a template, step by step, and how its review ends. */
const REVIEWS: readonly { readonly status: ReviewStatus; readonly steps: readonly string[] }[] = [
  { status: 'approved', steps: ['auditing', 'pass'] },
  { status: 'rejected', steps: ['auditing', 'fail'] },
  { status: 'approved', steps: ['auditing', 'fail', 'auditing', 'pass'] },
  { status: 'paused', steps: ['pass', 'paused'] },
  { status: 'approved', steps: ['pass', 'paused', 'pass'] },
  { status: 'disabled', steps: ['pass', 'disabled'] },
  { status: 'pending', steps: ['unaudit', 'auditing'] },
];

/** A kind of notice of version 2, and what it says, step by step. */
interface NoticeKind {
  readonly type: string;
  readonly subject: 'phone-number' | 'business-account' | 'template';
  readonly aspect: NoticeTruth['aspect'];
  readonly steps: readonly string[];
}

const NOTICES: readonly NoticeKind[] = [
  { type: 'phoneQualityUpdate', subject: 'phone-number', aspect: 'quality', steps: ['GREEN', 'YELLOW', 'RED'] },
  { type: 'phoneNameUpdate', subject: 'phone-number', aspect: 'display-name', steps: ['APPROVED'] },
  { type: 'wabaReviewUpdate', subject: 'business-account', aspect: 'review', steps: ['APPROVED'] },
  {
    type: 'wabaAccountUpdate',
    subject: 'business-account',
    aspect: 'restriction',
    steps: ['ACCOUNT_RESTRICTION', 'ACCOUNT_RESTORED'],
  },
  { type: 'templateCategoryUpdate', subject: 'template', aspect: 'category', steps: ['MARKETING'] },
  { type: 'templateQualityUpdate', subject: 'template', aspect: 'quality', steps: ['GREEN', 'YELLOW'] },
];

/** Business numbers that nobody here means anybody by. */
const BUSINESS_NUMBERS = 10_000;

const SOURCE = 'ali-chat-audit';
const LARGEST = 3;

/**
 * Reviews of templates in both versions, and as many notices. They carry no time: what comes last is what holds, so each
 * thing's reports are a thread.
 */
export function planChatAudits(context: RunContext, count: number): Part {
  const reviews = reviewStories(context, count);
  const notices = noticeStories(context, Math.min(count, BUSINESS_NUMBERS));
  const tell = (name: string, stories: readonly Story<ChatAudit>[]) =>
    tellStories(context, stories, { source: SOURCE, name, largest: LARGEST });
  return part(
    [...tell('chat template', reviews.stories), ...tell('chat notice', notices.stories)],
    [...reviews.truth, ...notices.truth],
    { reviewReports: reviews.stories.flat().length, notices: notices.stories.flat().length },
  );
}

function reviewStories({ random, tag }: RunContext, count: number) {
  const truth: ReviewTruth[] = [];
  const stories = Array.from({ length: count }, (_, index): Story<ChatAudit> => {
    const { status, steps } = REVIEWS[index % REVIEWS.length]!;
    const code = templateOf(tag, 'review', index);
    truth.push({
      kind: 'review',
      provider: 'alibaba',
      subject: 'chat-template',
      id: code,
      workOrder: null,
      status,
      reason: status === 'rejected' ? 'INVALID_FORMAT' : null,
      occurredAt: null,
    });
    const version: ChatAudit = random.chance(0.5) ? { Type: 'template' } : {};
    return steps.map((word) => ({
      WabaId: wabaId(tag, 0),
      ...version,
      TemplateCode: code,
      Language: 'en',
      AuditStatus: word,
      Reason: word === 'fail' ? 'INVALID_FORMAT' : '',
    }));
  });
  return { stories, truth };
}

function noticeStories({ random, tag }: RunContext, count: number) {
  const truth: NoticeTruth[] = [];
  // Other numbers in every run: what is kept of one number would grow for ever.
  const firstPhone = random.between(0, BUSINESS_NUMBERS - 1);
  const stories = Array.from({ length: count }, (_, index): Story<ChatAudit> => {
    const { type, subject, aspect, steps } = NOTICES[index % NOTICES.length]!;
    const account = wabaId(tag, index + 1);
    const phone = `861310000${String((firstPhone + index) % BUSINESS_NUMBERS).padStart(4, '0')}`;
    const template = templateOf(tag, 'notice', index);
    const about = {
      'phone-number': { id: `+${phone}`, fields: { PhoneNumber: phone, CurrentLimit: 'TIER_1K' } as ChatAudit },
      'business-account': { id: account, fields: {} },
      template: { id: template, fields: { TemplateCode: template, Language: 'en' } as ChatAudit },
    }[subject];
    truth.push({
      kind: 'notice',
      provider: 'alibaba',
      channel: 'whatsapp',
      subject,
      id: about.id,
      aspect,
      value: steps.at(-1)!,
      occurredAt: null,
    });
    return steps.map((word) => ({ WabaId: account, Type: type, ...about.fields, Status: word }));
  });
  return { stories, truth };
}

/** A template code, 18 digits; those of reviews and notices are different templates. */
function templateOf(tag: string, kind: 'review' | 'notice', index: number): string {
  return `82${tag}${kind === 'review' ? '0' : '1'}${String(index).padStart(5, '0')}`;
}
