import { partOfMessages } from '../plan/batches.js';
import type { Part, RunContext } from '../plan/part.js';
import { together } from '../plan/part.js';
import { planStatusReports, writeBatch, writeForm } from './status-reports.js';
import { planUplinks } from './uplinks.js';

/** The most reports of one push. */
const LARGEST_BATCH = 50;

/**
 * What Huawei Cloud pushes: messages that were sent with a `statusCallback` one report at a time, all others in batches.
 * It pushes nothing twice.
 */
export function planHuawei(
  context: RunContext,
  counts: { readonly batch: number; readonly single: number; readonly replies: number },
): Part {
  const { random } = context;
  return together([
    partOfMessages(random, planStatusReports(context, counts.batch), {
      source: 'huawei-status',
      largest: LARGEST_BATCH,
      write: writeBatch,
    }),
    partOfMessages(random, planStatusReports(context, counts.single), {
      source: 'huawei-status-single',
      largest: 1,
      write: ([report]) => writeForm(report ?? {}),
    }),
    planUplinks(context, counts.replies),
  ]);
}
