import { partOfMessages } from '../plan/batches.js';
import type { Part, RunContext } from '../plan/part.js';
import { together } from '../plan/part.js';
import { planReplies } from './replies.js';
import { planStatusReports } from './status-reports.js';

/** The most reports of one push ("up to 100", https://cloud.tencent.com/document/api/382/59178). */
const LARGEST_BATCH = 100;

/** What Tencent Cloud pushes. */
export function planTencent(
  context: RunContext,
  counts: { readonly messages: number; readonly replies: number },
): Part {
  const messages = planStatusReports(context, counts.messages);
  const batching = { source: 'tencent-status', largest: LARGEST_BATCH, repeated: 0.02 } as const;
  return together([partOfMessages(context.random, messages, batching), planReplies(context, counts.replies)]);
}
