import { ALIBABA_CALLBACKS } from './alibaba/callbacks.js';
import type { Dialect } from './dialect.js';
import { HUAWEI_CALLBACKS } from './huawei/callbacks.js';
import { TENCENT_CALLBACKS } from './tencent/callbacks.js';
import { VOLCENGINE_CALLBACKS } from './volcengine/callbacks.js';

/** A vendor that is played. */
export type Provider = 'alibaba' | 'huawei' | 'tencent' | 'volcengine';

/** A way of a receipt to the ingress: pushed to it, or put into a queue that it takes it from. */
export type Door = 'push' | 'queue';

/** An address that a vendor was told to push to, and the queue that it puts the same things into. */
export interface Callback {
  readonly provider: Provider;
  /** The vendor's name of what comes there. */
  readonly receipt: string;
  readonly dialect: Dialect;
  /** Null: the vendor has no queues, or none for this. */
  readonly queue: string | null;
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

/** The queue of a source; null if it has none. */
export function queueOf(source: SourceId): string | null {
  return CALLBACKS[source].queue;
}
