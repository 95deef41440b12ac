import { ALIBABA_CALLBACKS } from './alibaba/callbacks.js';
import type { Dialect } from './dialect.js';
import { HUAWEI_CALLBACKS } from './huawei/callbacks.js';
import { TENCENT_CALLBACKS } from './tencent/callbacks.js';
import { VOLCENGINE_CALLBACKS } from './volcengine/callbacks.js';

/** An address that a vendor was told to push to. */
export interface Callback {
  readonly provider: 'alibaba' | 'huawei' | 'tencent' | 'volcengine';
  /** The vendor's name of what comes there. */
  readonly receipt: string;
  readonly dialect: Dialect;
}

/** Every address, by the id of the source in quittance.example.yaml. */
export const CALLBACKS = {
  ...ALIBABA_CALLBACKS,
  ...HUAWEI_CALLBACKS,
  ...TENCENT_CALLBACKS,
  ...VOLCENGINE_CALLBACKS,
} satisfies Readonly<Record<string, Callback>>;

/** The id of a source that is pushed to. */
export type SourceId = keyof typeof CALLBACKS;

/** All ids, in the order of the example. */
export const SOURCE_IDS = Object.keys(CALLBACKS) as readonly SourceId[];
