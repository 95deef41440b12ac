import { partOfMessages } from '../plan/batches.js';
import type { Part, RunContext } from '../plan/part.js';
import { together } from '../plan/part.js';
import { planReviews } from './reviews.js';
import { planStatusReports } from './status-reports.js';
import { planUplinks } from './uplinks.js';

/** How many reports one push holds at most; no page says it. */
const LARGEST_BATCH = 20;

/** What Volcengine pushes. Nothing twice but replies. */
export function planVolcengine(
  context: RunContext,
  counts: { readonly messages: number; readonly replies: number; readonly reviews: number },
): Part {
  const messages = planStatusReports(context, counts.messages);
  return together([
    partOfMessages(context.random, messages, { source: 'volcengine-status', largest: LARGEST_BATCH }),
    planUplinks(context, counts.replies),
    planReviews(context, counts.reviews),
  ]);
}
