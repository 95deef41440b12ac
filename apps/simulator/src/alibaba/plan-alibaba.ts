import { partOfMessages } from '../plan/batches.js';
import type { Part, RunContext } from '../plan/part.js';
import { together } from '../plan/part.js';
import { planCards, planCardTemplates } from './cards.js';
import { planChatAudits } from './chat-audits.js';
import { planConsents } from './chat-consents.js';
import { planInbound } from './chat-inbound.js';
import { planChatStatuses } from './chat-statuses.js';
import { planGlobeReports, planInternationalReports } from './international-reports.js';
import { planMainlandReports } from './mainland-reports.js';
import { planReplies } from './replies.js';
import { planReportsOf2019 } from './reports-of-2019.js';
import { planReviews } from './reviews.js';

/** How many of what. */
export interface AlibabaCounts {
  readonly mainland: number;
  readonly of2019: number;
  readonly international: number;
  readonly globe: number;
  readonly cards: number;
  readonly chat: number;
  readonly replies: number;
  /** Of each kind of thing that is reviewed, and of notices and consents. */
  readonly reviews: number;
}

/** Share of reports that are pushed once more, in another array. */
const REPEATED = 0.02;

/** What Alibaba Cloud pushes. */
export function planAlibaba(context: RunContext, counts: AlibabaCounts): Part {
  const { random } = context;
  const arrays = { largest: 5, repeated: REPEATED };
  return together([
    partOfMessages(random, planMainlandReports(context, counts.mainland), { source: 'ali-sms-report', ...arrays }),
    partOfMessages(random, planReportsOf2019(context, counts.of2019), { source: 'ali-sms-report-2019', ...arrays }),
    partOfMessages(random, planInternationalReports(context, counts.international), {
      source: 'ali-sms-report-intl',
      ...arrays,
    }),
    partOfMessages(random, planGlobeReports(context, counts.globe), { source: 'ali-globe-report', ...arrays }),
    partOfMessages(random, planCards(context, counts.cards), { source: 'ali-card-render', largest: 1 }),
    partOfMessages(random, planChatStatuses(context, counts.chat), {
      source: 'ali-chat-status',
      largest: 10,
      repeated: REPEATED,
    }),
    planReplies(context, counts.replies),
    planInbound(context, counts.replies),
    planReviews(context, counts.reviews),
    planCardTemplates(context, counts.reviews),
    planChatAudits(context, counts.reviews, counts.reviews),
    planConsents(context, counts.reviews),
  ]);
}
