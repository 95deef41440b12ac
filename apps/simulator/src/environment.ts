/** What the simulator is told by its environment. Read once, before Nest is created. */
export interface SimulatorEnvironment {
  readonly host: string;
  readonly port: number;
  /** Public door of the ingress, without a trailing slash. */
  readonly ingressUrl: string;
  /** The secret path segment of the Alibaba sources; null where they have none. */
  readonly alibabaToken: string | null;
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
  const token = env.ALI_TOKEN ?? '';
  return {
    host: env.HOST ?? DEFAULTS.host,
    port,
    ingressUrl: ingressUrl.replace(/\/+$/, ''),
    alibabaToken: token === '' ? null : token,
    timeCompression,
  };
}
