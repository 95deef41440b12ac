import type { CustomerKey } from './alibaba/mns/tokens.js';
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
  /** How many times longer than in life a vendor waits for an answer. */
  readonly patience: number;
  readonly mns: MnsSettings;
}

/** How Alibaba's queues are played. */
export interface MnsSettings {
  /** Who may ask for tokens and use queues of its own; null: nobody. */
  readonly customer: CustomerKey | null;
  /** Seconds. */
  readonly tokenLifetime: number;
  /** How many requests may wait for one queue at a time; one more is told at once that it is empty. */
  readonly longPolls: number;
  /** Queues that are there before their first message, beside those of the callbacks. */
  readonly queues: readonly string[];
}

const DEFAULTS = {
  host: '127.0.0.1',
  port: '8081',
  // Where `npm start` opens the door.
  ingressUrl: 'http://127.0.0.1:8080',
  timeCompression: '60',
  patience: '1',
  tokenLifetime: '3600',
  longPolls: '1000',
};

/** @throws Error that names the variable which cannot be used */
export function readEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): SimulatorEnvironment {
  const ingressUrl = given(env.INGRESS_URL) ?? DEFAULTS.ingressUrl;
  if (!/^https?:\/\/\S+$/.test(ingressUrl)) throw new Error('INGRESS_URL must be the address of the ingress');
  const port = Number(env.PORT ?? DEFAULTS.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT must be a port');
  const timeCompression = Number(env.TIME_COMPRESSION ?? DEFAULTS.timeCompression);
  if (!(timeCompression > 0)) throw new Error('TIME_COMPRESSION must be a number above 0');
  const patience = Number(env.PATIENCE ?? DEFAULTS.patience);
  if (!(patience > 0)) throw new Error('PATIENCE must be a number above 0');
  const [accessKey, secretKey] = pair(env, 'HW_AK', 'HW_SK') ?? [];
  const [accessKeyId, accessKeySecret] = pair(env, 'ALI_AK', 'ALI_SK') ?? [];
  return {
    host: env.HOST ?? DEFAULTS.host,
    port,
    ingressUrl: ingressUrl.replace(/\/+$/, ''),
    credentials: {
      alibabaToken: given(env.ALI_TOKEN),
      tencentToken: given(env.TENCENT_TOKEN),
      volcengineToken: given(env.VOLCENGINE_TOKEN),
      huaweiKey: accessKey === undefined || secretKey === undefined ? null : { accessKey, secretKey },
    },
    timeCompression,
    patience,
    mns: {
      customer: accessKeyId === undefined || accessKeySecret === undefined ? null : { accessKeyId, accessKeySecret },
      tokenLifetime: whole('TOKEN_LIFETIME', env.TOKEN_LIFETIME ?? DEFAULTS.tokenLifetime),
      longPolls: whole('LONG_POLLS', env.LONG_POLLS ?? DEFAULTS.longPolls),
      queues: (given(env.QUEUES) ?? '').split(',').filter((name) => name !== ''),
    },
  };
}

function given(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

/** Two variables that mean something only together; null when neither is set. */
function pair(
  env: Readonly<Record<string, string | undefined>>,
  first: string,
  second: string,
): [string, string] | null {
  const [one, other] = [given(env[first]), given(env[second])];
  if (one === null && other === null) return null;
  if (one === null || other === null) throw new Error(`${first} and ${second} come together`);
  return [one, other];
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number above 0`);
  return value;
}
