import { inBatches } from '../plan/batches.js';
import { mainlandNumber } from '../plan/made-up-numbers.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { REPLY_TEXTS } from '../plan/reply-texts.js';
import { SENDING_ACCOUNT } from './sending-account.js';

/** How many replies one push holds at most; no page says it. */
const LARGEST_BATCH = 3;

/**
 * Replies of people (https://www.volcengine.com/docs/6361/171585). They have no id; what tells a reply of this run from
 * all others is the number that was replied to.
 */
export function planUplinks({ random, tag, startedAt }: RunContext, count: number): Part {
  const replies = Array.from({ length: count }, (_, index) => {
    const what = {
      ...SENDING_ACCOUNT,
      signature: random.chance(0.8) ? '示例' : '',
      content: random.pick(REPLY_TEXTS),
      mobile: mainlandNumber(random.between(0, 9_999)),
      channel_type: 'CN_MKT',
      service_id: `1069${tag}${String(index).padStart(5, '0')}`,
      recv_time: startedAt - random.between(0, 30_000),
      ...(random.chance(0.6) ? { ext: `ord-${tag}-${index}` } : {}),
    };
    return { at: random.fraction(), what };
  });
  const batching = { source: 'volcengine-uplink', largest: LARGEST_BATCH, repeated: 0.02 } as const;
  return part(inBatches(random, replies, batching), { replies: count });
}
