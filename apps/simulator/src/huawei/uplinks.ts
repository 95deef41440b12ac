import { mainlandNumber } from '../plan/made-up-numbers.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { REPLY_TEXTS } from '../plan/reply-texts.js';
import { taggedUuid } from '../plan/run-tag.js';
import { utcSeconds } from '../plan/vendor-times.js';
import { writeForm } from './status-reports.js';

/** Replies of people, one a push (https://support.huaweicloud.com/api-msgsms/sms_05_0004.html). Their time is an option. */
export function planUplinks({ random, tag, startedAt }: RunContext, count: number): Part {
  const pushes = Array.from({ length: count }, () => {
    const sentAt = startedAt - random.between(0, 30) * 1000;
    const body = writeForm({
      from: `+86${mainlandNumber(random.between(0, 9_999))}`,
      to: '1069000000001234',
      body: random.pick(REPLY_TEXTS),
      smsMsgId: taggedUuid(random, tag),
      ...(random.chance(0.5) ? { createTime: utcSeconds(sentAt) } : {}),
    });
    return { at: random.fraction(), what: { source: 'huawei-uplink' as const, body } };
  });
  return part(pushes, { replies: count });
}
