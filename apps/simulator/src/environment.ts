import type { PushKey } from './huawei/sign-push.js';

/** What the vendors prove with that it is they who push. */
export interface Credentials {
  /** The secret path segment of Alibaba's sources; null where they have none. */
  readonly alibabaToken: string | null;
  /** The same of Tencent's. */
  readonly tencentToken: string | null;
  /** The same of Volcengine's. */
  readonly volcengineToken: string | null;
  /** What Huawei signs with; null where it does not. */
  readonly huaweiKey: PushKey | null;
}

/** What the simulator is told by its environment. Read once, before Nest is created. */
export interface SimulatorEnvironment {
  readonly host: string;
  readonly port: number;
  /** Public door of the ingress, without a trailing slash. */
  readonly ingressUrl: string;
  readonly credentials: Credentials;
  /** How many times faster than in life the vendor's waiting times pass. */
  readonly timeCompression: number;
}

const DEFAULTS = { host: '127.0.0.1', port: '8081', timeCompression: '60' };

/** @throws Error that names the variable which cannot be used */
export function readEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): SimulatorEnvironment {
  const ingressUrl = env.INGRESS_URL ?? '';
  if (!/^https?:\/\/\S+$/.test(ingressUrl)) throw new Error('INGRESS_URL must be the address of the ingress');
  const port = Number(env.PORT ?? DEFAULTS.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT must be a port');
  const timeCompression = Number(env.TIME_COMPRESSION ?? DEFAULTS.timeCompression);
  if (!(timeCompression > 0)) throw new Error('TIME_COMPRESSION must be a number above 0');
  const [accessKey, secretKey] = [given(env.HW_AK), given(env.HW_SK)];
  if ((accessKey === null) !== (secretKey === null)) throw new Error('HW_AK and HW_SK come together');
  return {
    host: env.HOST ?? DEFAULTS.host,
    port,
    ingressUrl: ingressUrl.replace(/\/+$/, ''),
    credentials: {
      alibabaToken: given(env.ALI_TOKEN),
      tencentToken: given(env.TENCENT_TOKEN),
      volcengineToken: given(env.VOLCENGINE_TOKEN),
      huaweiKey: accessKey === null || secretKey === null ? null : { accessKey, secretKey },
    },
    timeCompression,
  };
}

function given(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}
