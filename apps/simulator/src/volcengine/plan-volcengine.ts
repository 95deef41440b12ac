import { partOfMessages } from '../plan/batches.js';
import type { Part, RunContext } from '../plan/part.js';
import { together } from '../plan/part.js';
import { recipientsOf } from '../plan/people.js';
import type { Things } from '../plan/things.js';
import { planReviews } from './reviews.js';
import { planStatusReports } from './status-reports.js';
import { planUplinks } from './uplinks.js';

/** How many reports one push holds at most; no page says it. */
const LARGEST_BATCH = 20;

/** What Volcengine pushes. Nothing twice but replies. */
export function planVolcengine(context: RunContext, { of }: Things): Part {
  const planned = planStatusReports(context, of['volcengine-status']);
  const batching = { source: 'volcengine-status', largest: LARGEST_BATCH, isRepeated: false } as const;
  const messages = partOfMessages(context, planned, batching);
  return together([
    messages,
    planUplinks(context, of['volcengine-uplink'], recipientsOf(messages)),
    planReviews(context, 'volcengine-signature', of['volcengine-signature']),
    planReviews(context, 'volcengine-template', of['volcengine-template']),
  ]);
}
