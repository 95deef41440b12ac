import type { SourceId } from '../callbacks.js';
import type { PlannedMessage } from '../plan/batches.js';
import { partOfMessages } from '../plan/batches.js';
import type { Part, RunContext } from '../plan/part.js';
import { together } from '../plan/part.js';
import { recipientsOf } from '../plan/people.js';
import type { Things } from '../plan/things.js';
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

/** What Alibaba Cloud reports. */
export function planAlibaba(context: RunContext, { of, consents }: Things): Part {
  const messages = <E>(
    source: SourceId,
    largest: number,
    plan: (context: RunContext, count: number) => PlannedMessage<E>[],
  ): Part => partOfMessages(context, plan(context, of[source]), { source, largest });
  const mainland = messages('ali-sms-report', 5, planMainlandReports);
  return together([
    mainland,
    messages('ali-sms-report-2019', 5, planReportsOf2019),
    messages('ali-sms-report-intl', 5, planInternationalReports),
    messages('ali-globe-report', 5, planGlobeReports),
    messages('ali-card-render', 1, planCards),
    messages('ali-chat-status', 10, planChatStatuses),
    planReplies(context, of['ali-sms-up'], recipientsOf(mainland)),
    planInbound(context, of['ali-chat-inbound']),
    planReviews(context, 'ali-sign-report', of['ali-sign-report']),
    planReviews(context, 'ali-template-report', of['ali-template-report']),
    planCardTemplates(context, of['ali-card-template']),
    planChatAudits(context, of['ali-chat-audit']),
    planConsents(context, consents),
  ]);
}
