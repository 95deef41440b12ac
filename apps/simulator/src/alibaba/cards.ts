import type { PlannedMessage } from '../plan/batches.js';
import { mainlandNumber } from '../plan/made-up-numbers.js';
import type { ExpectedReview, Part, RunContext } from '../plan/part.js';
import { countBy, part } from '../plan/part.js';
import type { Random } from '../plan/random.js';
import type { Story } from '../plan/stories.js';
import { tellStories } from '../plan/stories.js';

/** An element of a MnsCardVender push (https://help.aliyun.com/zh/sms/developer-reference/mnscardvender); only successes. */
export interface CardRendered {
  readonly mobile: string;
  /** The caller's own id; an integer in queues, and taken for one here by turns. */
  readonly outId: string | number;
  /** An integer in the page's table, text in its sample. */
  readonly render_status: string | number;
  readonly desc: string;
}

/** Cards that were rendered, one push for each. */
export function planCards({ random, tag }: RunContext, count: number): PlannedMessage<CardRendered>[] {
  return Array.from({ length: count }, (_, index) => {
    const report = {
      mobile: mainlandNumber(random.between(0, 9_999)),
      outId: index % 2 === 0 ? `card-${tag}-${index}` : Number(`${tag}${String(index).padStart(5, '0')}`),
      render_status: random.chance(0.5) ? '0' : 0,
      desc: '解析成功',
    };
    return { status: 'rendered', reports: [{ at: random.fraction(), what: report }] };
  });
}

/** An element of a MnsCardTemplate push (https://help.aliyun.com/zh/sms/developer-reference/mnscardtemplate-1). */
interface CardTemplate {
  readonly template_code: string;
  /** 0 in review, 1 approved, 2 rejected */
  readonly approval_status: number;
  /** One line for each maker. */
  readonly desc: string;
  readonly extData: Readonly<Record<string, string>> | string;
  readonly tmpOps: readonly { readonly vendorCode: string; readonly state: number; readonly desc: string }[];
}

const MAKERS = ['HUAWEI', 'XIAOMI', 'OPPO', 'MEIZU'];
const WORDS = ['审核中', '通过', '驳回'];

/** Card templates, pushed as under review, later with what the handset makers and the whole of them say. */
export function planCardTemplates({ random, tag }: RunContext, count: number): Part {
  const verdicts: ExpectedReview[] = [];
  const stories = Array.from({ length: count }, (_, index): Story<CardTemplate> => {
    const code = `CARD_SMS_${tag}${String(index).padStart(4, '0')}`;
    const isRejected = random.chance(0.25);
    verdicts.push(isRejected ? 'rejected' : 'approved');
    const makers = MAKERS.slice(0, random.between(2, MAKERS.length));
    const states = makers.map(() => 1);
    if (isRejected) states[random.between(0, makers.length - 1)] = 2;
    return [cardTemplate(random, code, 0, makers, [0]), cardTemplate(random, code, isRejected ? 2 : 1, makers, states)];
  });
  const pushes = tellStories(random, stories, { source: 'ali-card-template', name: 'card template', largest: 1 });
  return part(pushes, { reviews: countBy(verdicts), reviewReports: stories.flat().length });
}

function cardTemplate(
  random: Random,
  code: string,
  status: number,
  makers: readonly string[],
  states: readonly number[],
): CardTemplate {
  const tmpOps = makers.map((vendorCode, index) => {
    const state = states[index] ?? 0;
    return { vendorCode, state, desc: state === 2 ? '图片不清晰' : (WORDS[state] ?? '') };
  });
  const ext = { ref: code };
  return {
    template_code: code,
    approval_status: status,
    desc: tmpOps.map(({ vendorCode, state }) => `${vendorCode}:${WORDS[state] ?? ''}`).join('\r\n'),
    extData: random.chance(0.5) ? ext : JSON.stringify(ext),
    tmpOps,
  };
}
