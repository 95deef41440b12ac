import { mainlandNumber } from '../plan/made-up-numbers.js';
import type { Part, RunContext } from '../plan/part.js';
import { part } from '../plan/part.js';
import { REPLY_TEXTS } from '../plan/reply-texts.js';

/**
 * Replies of people, one object a push (https://www.tencentcloud.com/document/product/382/43548). They have no id; what
 * tells a reply of this run from all others is the extension that was replied to.
 */
export function planReplies({ random, tag, startedAt }: RunContext, count: number): Part {
  const pushes = Array.from({ length: count }, (_, index) => {
    const body = JSON.stringify({
      extend: `${tag}${index}`,
      mobile: mainlandNumber(random.between(0, 9_999)),
      nationcode: '86',
      sign: '示例',
      text: random.pick(REPLY_TEXTS),
      time: Math.floor(startedAt / 1000) - random.between(0, 30),
    });
    return { at: random.fraction(), what: { source: 'tencent-reply' as const, body } };
  });
  return part(pushes, { replies: count });
}
