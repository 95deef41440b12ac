import type { ExpectedReview, Part, RunContext } from '../plan/part.js';
import { countBy, part } from '../plan/part.js';
import type { Story } from '../plan/stories.js';
import { tellStories } from '../plan/stories.js';
import { wabaId } from './ids.js';

/** An element of a ChatAppAudit push (https://help.aliyun.com/zh/chatapp/developer-reference/chatappaudit-1). */
type ChatAudit = Readonly<Record<string, string>>;

/** `AuditStatus` of a template, step by step, and how its review ends. */
const REVIEWS: readonly { readonly status: ExpectedReview; readonly steps: readonly string[] }[] = [
  { status: 'approved', steps: ['auditing', 'pass'] },
  { status: 'rejected', steps: ['auditing', 'fail'] },
  { status: 'paused', steps: ['pass', 'paused'] },
  { status: 'approved', steps: ['pass', 'paused', 'pass'] },
  { status: 'disabled', steps: ['pass', 'disabled'] },
  { status: 'pending', steps: ['unaudit', 'auditing'] },
];

/** Kinds of notices of version 2 and what they say, step by step. */
const NOTICES: readonly { readonly type: string; readonly about: 'phone' | 'waba' | 'template'; steps: string[] }[] = [
  { type: 'phoneQualityUpdate', about: 'phone', steps: ['GREEN', 'YELLOW', 'RED'] },
  { type: 'phoneNameUpdate', about: 'phone', steps: ['APPROVED'] },
  { type: 'wabaReviewUpdate', about: 'waba', steps: ['APPROVED'] },
  { type: 'wabaAccountUpdate', about: 'waba', steps: ['ACCOUNT_RESTRICTION', 'ACCOUNT_RESTORED'] },
  { type: 'templateCategoryUpdate', about: 'template', steps: ['MARKETING'] },
  { type: 'templateQualityUpdate', about: 'template', steps: ['GREEN', 'YELLOW'] },
];

/** Business numbers. They are the same in every run, and so are the subjects of notices about them. */
const PHONES = ['8613100000008', '8613100000009', '8613100000010'];

/**
 * Reviews of templates in both versions, and notices. They carry no time: what comes last is what holds, so each thing's
 * pushes are a thread.
 */
export function planChatAudits(context: RunContext, reviews: number, notices: number): Part {
  const { random, tag } = context;
  const ends: ExpectedReview[] = [];
  const reviewStories = Array.from({ length: reviews }, (_, index): Story<ChatAudit> => {
    const { status, steps } = REVIEWS[index % REVIEWS.length]!;
    ends.push(status);
    const version: ChatAudit = random.chance(0.5) ? { Type: 'template' } : {};
    return steps.map((word) => ({
      WabaId: wabaId(tag, 0),
      ...version,
      TemplateCode: templateOf(tag, 'review', index),
      Language: 'en',
      AuditStatus: word,
      Reason: word === 'fail' ? 'INVALID_FORMAT' : '',
    }));
  });

  const subjects = new Set<string>();
  const noticeStories = Array.from({ length: notices }, (_, index): Story<ChatAudit> => {
    const { type, about, steps } = NOTICES[index % NOTICES.length]!;
    const phone = PHONES[Math.floor(index / NOTICES.length) % PHONES.length]!;
    const subject: ChatAudit =
      about === 'phone'
        ? { PhoneNumber: phone, CurrentLimit: 'TIER_1K' }
        : about === 'waba'
          ? {}
          : { TemplateCode: templateOf(tag, 'notice', index), Language: 'en' };
    subjects.add(JSON.stringify([type, about === 'phone' ? phone : index]));
    return steps.map((word) => ({ WabaId: wabaId(tag, index + 1), Type: type, ...subject, Status: word }));
  });

  const source = 'ali-chat-audit';
  return part(
    [
      ...tellStories(random, reviewStories, { source, name: 'chat template', largest: 3 }),
      ...tellStories(random, noticeStories, { source, name: 'chat notice', largest: 3 }),
    ],
    {
      reviews: countBy(ends),
      reviewReports: reviewStories.flat().length,
      subjects: subjects.size,
      notices: noticeStories.flat().length,
    },
  );
}

/** A template code, 18 digits; those of reviews and notices are different templates. */
function templateOf(tag: string, kind: 'review' | 'notice', index: number): string {
  return `82${tag}${kind === 'review' ? '0' : '1'}${String(index).padStart(5, '0')}`;
}
