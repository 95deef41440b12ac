import { partOfMessages } from '../plan/batches.js';
import type { Part, RunContext } from '../plan/part.js';
import { together } from '../plan/part.js';
import { recipientsOf } from '../plan/people.js';
import type { Things } from '../plan/things.js';
import { planReplies } from './replies.js';
import { planStatusReports } from './status-reports.js';

/** The most reports of one push ("up to 100", https://cloud.tencent.com/document/api/382/59178). */
const LARGEST_BATCH = 100;

/** What Tencent Cloud pushes. */
export function planTencent(context: RunContext, { of }: Things): Part {
  const planned = planStatusReports(context, of['tencent-status']);
  const messages = partOfMessages(context, planned, { source: 'tencent-status', largest: LARGEST_BATCH });
  return together([messages, planReplies(context, of['tencent-reply'], recipientsOf(messages))]);
}
