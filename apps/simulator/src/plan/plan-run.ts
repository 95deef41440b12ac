import { MALFORMED_BODIES as ALIBABA_MALFORMED } from '../alibaba/malformed-bodies.js';
import { planAlibaba } from '../alibaba/plan-alibaba.js';
import { MALFORMED_BODIES as HUAWEI_MALFORMED } from '../huawei/malformed-bodies.js';
import { planHuawei } from '../huawei/plan-huawei.js';
import { MALFORMED_BODIES as TENCENT_MALFORMED } from '../tencent/malformed-bodies.js';
import { planTencent } from '../tencent/plan-tencent.js';
import { MALFORMED_BODIES as VOLCENGINE_MALFORMED } from '../volcengine/malformed-bodies.js';
import { planVolcengine } from '../volcengine/plan-volcengine.js';
import { planMalformed } from './malformed.js';
import type { PlannedPush, RunContext, Truth } from './part.js';
import { together } from './part.js';
import { seededRandom } from './random.js';
import { runTag } from './run-tag.js';
import { shareOut } from './shares.js';

/** What a run is asked to be. */
export interface RunRequest {
  /** How many messages get a delivery report. */
  readonly messages: number;
  /** The same seed and start give the same receipts. */
  readonly seed: number;
  /** Unix ms. */
  readonly startedAt: number;
}

/** What must be found behind the ingress when everything was accepted. */
export interface ExpectedTruth extends Truth {
  /** Whatever becomes of the run holds these digits, and nothing else does. */
  readonly tag: string;
  readonly receipts: number;
}

/** A run before anything is sent. */
export interface RunPlan {
  /** In the order of pushing. */
  readonly pushes: readonly PlannedPush[];
  readonly expected: ExpectedTruth;
}

/** Messages per thousand. */
const SHARES = {
  mainland: 340,
  of2019: 60,
  international: 80,
  globe: 40,
  cards: 40,
  chat: 180,
  huaweiBatch: 100,
  huaweiSingle: 40,
  tencent: 80,
  volcengine: 40,
};

/** Replies at each of five addresses. */
const REPLIES_PER_MESSAGE = 0.01;
const REVIEWS_PER_MESSAGE = 0.003;
const MALFORMED_PER_MESSAGE = 0.005;
const MALFORMED = [...ALIBABA_MALFORMED, ...HUAWEI_MALFORMED, ...TENCENT_MALFORMED, ...VOLCENGINE_MALFORMED];

/** Plans what the vendors push: pure, the same for the same request. */
export function planRun({ messages, seed, startedAt }: RunRequest): RunPlan {
  const context: RunContext = { random: seededRandom(seed), tag: runTag(startedAt), startedAt };
  const { huaweiBatch, huaweiSingle, tencent, volcengine, ...alibaba } = shareOut(messages, SHARES);
  const replies = Math.ceil(messages * REPLIES_PER_MESSAGE);
  const reviews = Math.ceil(messages * REVIEWS_PER_MESSAGE);
  const { pushes, truth } = together([
    planAlibaba(context, { ...alibaba, replies, reviews }),
    planHuawei(context, { batch: huaweiBatch, single: huaweiSingle, replies }),
    planTencent(context, { messages: tencent, replies }),
    planVolcengine(context, { messages: volcengine, replies, reviews }),
    planMalformed(context, MALFORMED, Math.ceil(messages * MALFORMED_PER_MESSAGE)),
  ]);
  return {
    pushes: pushes.toSorted((a, b) => a.at - b.at).map(({ what }) => what),
    expected: { tag: context.tag, receipts: pushes.length, ...truth },
  };
}
