import { MALFORMED_BODIES as ALIBABA_MALFORMED } from '../alibaba/malformed-bodies.js';
import { planAlibaba } from '../alibaba/plan-alibaba.js';
import type { SourceId } from '../callbacks.js';
import { SOURCE_IDS } from '../callbacks.js';
import { MALFORMED_BODIES as HUAWEI_MALFORMED } from '../huawei/malformed-bodies.js';
import { planHuawei } from '../huawei/plan-huawei.js';
import { MALFORMED_BODIES as TENCENT_MALFORMED } from '../tencent/malformed-bodies.js';
import { planTencent } from '../tencent/plan-tencent.js';
import { MALFORMED_BODIES as VOLCENGINE_MALFORMED } from '../volcengine/malformed-bodies.js';
import { planVolcengine } from '../volcengine/plan-volcengine.js';
import type { ExpectedCounts } from './expected.js';
import { expectedCounts } from './expected.js';
import { planMalformed } from './malformed.js';
import type { PlannedReceipt, RunContext } from './part.js';
import { together } from './part.js';
import { seededRandom } from './random.js';
import type { RunShape } from './run-shape.js';
import { DEFAULT_SHAPE } from './run-shape.js';
import { runTag } from './run-tag.js';
import { thingsOf } from './things.js';
import type { Truth } from './truth.js';

/** What a run is asked to be. */
export interface RunRequest {
  /** How many messages get a delivery report. */
  readonly messages: number;
  /** The same seed, start and shape give the same receipts. */
  readonly seed: number;
  /** Unix ms. */
  readonly startedAt: number;
  /** Default: what a run is like when nobody says anything else. */
  readonly shape?: Partial<RunShape>;
  /** The sources that take part; default all. */
  readonly only?: readonly SourceId[];
}

/** What must be found behind the ingress when everything has come. */
export interface Expected extends ExpectedCounts {
  /** Whatever becomes of the run holds these digits, and nothing else does. */
  readonly tag: string;
  /** By door. */
  readonly receipts: { readonly push: number; readonly queue: number };
}

/** A run before anything is sent. */
export interface RunPlan {
  /** In the order of sending. */
  readonly receipts: readonly PlannedReceipt[];
  /** Every thing of the run. */
  readonly truth: readonly Truth[];
  readonly expected: Expected;
}

const MALFORMED = [...ALIBABA_MALFORMED, ...HUAWEI_MALFORMED, ...TENCENT_MALFORMED, ...VOLCENGINE_MALFORMED];

/** Plans what the vendors report, and knows what is true in the end: pure, the same for the same request. */
export function planRun({ messages, seed, startedAt, shape, only = SOURCE_IDS }: RunRequest): RunPlan {
  const context: RunContext = {
    random: seededRandom(seed),
    tag: runTag(startedAt),
    startedAt,
    shape: { ...DEFAULT_SHAPE, ...shape },
  };
  const things = thingsOf(messages, only, context.shape.poison);
  const malformed = MALFORMED.filter(({ source }) => only.includes(source));
  const { receipts, truth, facts } = together([
    planAlibaba(context, things),
    planHuawei(context, things),
    planTencent(context, things),
    planVolcengine(context, things),
    planMalformed(context, malformed, things.poison),
  ]);
  const inOrder = receipts.toSorted((a, b) => a.at - b.at).map(({ what }) => what);
  const pushed = inOrder.reduce((sum, { door }) => sum + (door === 'push' ? 1 : 0), 0);
  return {
    receipts: inOrder,
    truth,
    expected: {
      tag: context.tag,
      receipts: { push: pushed, queue: inOrder.length - pushed },
      ...expectedCounts(truth, facts),
    },
  };
}
