import { CALLBACKS, SOURCE_IDS } from './callbacks.js';
import type { Callback, SourceId } from './callbacks.js';
import type { Dialect, UnsignedPush } from './dialect.js';
import type { Credentials } from './environment.js';
import { signPush } from './huawei/sign-push.js';

/** Where something is pushed to, and how. */
export interface Destination {
  readonly url: string;
  readonly dialect: Dialect;
  /** Headers that prove who pushes; null where nothing is signed. */
  readonly sign: ((push: UnsignedPush) => Readonly<Record<string, string>>) | null;
}

/** Where each source is pushed to. */
export type Destinations = Readonly<Record<SourceId, Destination>>;

/**
 * The destinations behind one ingress: a vendor that signs nothing knows a secret path instead.
 * @param ingressUrl without a trailing slash
 * @param targets other addresses, by source; used as they are
 */
export function destinationsAt(
  ingressUrl: string,
  credentials: Credentials,
  targets: Readonly<Partial<Record<SourceId, string>>> = {},
): Destinations {
  const { alibabaToken, tencentToken, volcengineToken, huaweiKey } = credentials;
  const tokens = { alibaba: alibabaToken, tencent: tencentToken, volcengine: volcengineToken, huawei: null };
  const destination = (id: SourceId): Destination => {
    const { provider, dialect }: Callback = CALLBACKS[id];
    const token = tokens[provider];
    return {
      url: targets[id] ?? `${ingressUrl}/receipts/${id}${token === null ? '' : `/${encodeURIComponent(token)}`}`,
      dialect,
      sign: provider === 'huawei' && huaweiKey !== null ? (push) => signPush(push, huaweiKey, Date.now()) : null,
    };
  };
  return Object.fromEntries(SOURCE_IDS.map((id) => [id, destination(id)])) as Record<SourceId, Destination>;
}
