import { partOfMessages } from '../plan/batches.js';
import type { Part, RunContext } from '../plan/part.js';
import { together } from '../plan/part.js';
import { recipientsOf } from '../plan/people.js';
import type { Things } from '../plan/things.js';
import { planStatusReports, writeBatch, writeForm } from './status-reports.js';
import { planUplinks } from './uplinks.js';

/** The most reports of one push. */
const LARGEST_BATCH = 50;

/**
 * What Huawei Cloud pushes: messages that were sent with a `statusCallback` one report at a time, all others in batches.
 * It pushes nothing twice.
 */
export function planHuawei(context: RunContext, { of }: Things): Part {
  const messages = partOfMessages(context, planStatusReports(context, of['huawei-status']), {
    source: 'huawei-status',
    largest: LARGEST_BATCH,
    isRepeated: false,
    write: writeBatch,
  });
  return together([
    messages,
    partOfMessages(context, planStatusReports(context, of['huawei-status-single']), {
      source: 'huawei-status-single',
      largest: 1,
      isRepeated: false,
      write: ([report]) => writeForm(report ?? {}),
    }),
    planUplinks(context, of['huawei-uplink'], recipientsOf(messages)),
  ]);
}
