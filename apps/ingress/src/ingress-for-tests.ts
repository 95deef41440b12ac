import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { Test } from '@nestjs/testing';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OutgoingRecord } from '#kafka';
import { PROVIDERS } from '#providers';
import { addressMatcher, createLogger, Health, Metrics } from '#runtime';
import type { LogLevel, Source } from '#runtime';
import type { Tracing } from '#tracing';
import { ConnectionLimit } from './connection-limit.js';
import { IngressMetrics } from './ingress-metrics.js';
import { IntakeRoom } from './intake-room.js';
import type { IntakeLimits } from './intake-room.js';
import { PublicDoorAdapter } from './public-door-adapter.js';
import type { Patience } from './public-door-adapter.js';
import { PublicDoor } from './public-door.js';
import type { Publish } from './receipt-route.js';
import { sourceWith } from './source-for-tests.js';
import type { TlsOptions } from './tls.js';

/** The token of the source `ali`. */
export const TOKEN = 'token-0123456789abcdef';

/** An ingress that a test runs, and what it did. */
export interface Ingress {
  readonly app: NestFastifyApplication;
  readonly published: OutgoingRecord[];
  readonly log: string[];
  readonly metrics: () => Promise<string>;
  /** Exchanges the sources, as a changed configuration does. */
  readonly useSources: (sources: readonly Source[]) => void;
}

let running: NestFastifyApplication | undefined;

/** To be called after each test. */
export async function closeIngress(): Promise<void> {
  const app = running;
  running = undefined;
  await app?.close();
}

/** What a test wants otherwise. */
export interface IngressSettings {
  readonly publish?: Publish;
  readonly sources?: readonly Source[];
  readonly trustedProxies?: readonly string[];
  readonly tls?: TlsOptions;
  readonly limits?: IntakeLimits;
  readonly connections?: number;
  readonly patience?: Patience;
  readonly log?: { readonly level: LogLevel; readonly sample: number };
  readonly tracing?: Tracing;
}

/** The ingress as it is, except that records go to a function of the test. */
export async function ingress({
  publish,
  sources,
  trustedProxies = [],
  tls,
  limits = { records: 20_000, bytes: 64 * 1024 * 1024 },
  connections = 4_096,
  patience,
  log: { level, sample } = { level: 'trace', sample: 0 },
  tracing,
}: IngressSettings = {}): Promise<Ingress> {
  const published: OutgoingRecord[] = [];
  const log: string[] = [];
  const metrics = new Metrics();
  const configured = sources ?? [
    sourceWith('ali', { tokens: [TOKEN] }),
    sourceWith('listed', { allowFrom: ['203.0.113.0/24'] }),
    { ...sourceWith('chat', { unauthenticated: true }), channel: null, receipt: 'ChatAppStatus' },
  ];
  const byId = (all: readonly Source[]): ReadonlyMap<string, Source> =>
    new Map(all.map((source) => [source.id, source]));
  const parts = {
    sources: byId(configured),
    providers: PROVIDERS,
    topic: 'quittance.raw-receipts.v1',
    publish: async (...[record, options]: Parameters<Publish>) => {
      await publish?.(record, options);
      published.push(record);
    },
    onAccepted: () => undefined,
    room: new IntakeRoom(limits),
    connections: new ConnectionLimit(connections, addressMatcher(trustedProxies)),
    logger: createLogger({ name: 'test', logLevel: level, logFormat: 'json' }, { write: (line) => log.push(line) }),
    logSample: sample,
    health: new Health(),
    metrics: new IngressMetrics(metrics.registry),
    tracing: tracing ?? null,
  };
  const testing = await Test.createTestingModule({
    providers: [
      {
        provide: PublicDoor,
        inject: [HttpAdapterHost],
        useFactory: (host: HttpAdapterHost) => new PublicDoor(host, parts),
      },
    ],
  }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(
    new PublicDoorAdapter(trustedProxies, tls ?? null, patience),
    {
      bodyParser: false,
      logger: false,
    },
  );
  running = app;
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    published,
    log,
    metrics: () => metrics.registry.metrics(),
    useSources: (changed) => {
      app.get(PublicDoor).prepare(byId(changed))();
    },
  };
}

/** The same on a port. */
export async function listening(settings?: IngressSettings): Promise<Ingress & { readonly port: number }> {
  const started = await ingress(settings);
  await started.app.listen(0, '127.0.0.1');
  return { ...started, port: (started.app.getHttpServer().address() as AddressInfo).port };
}

/**
 * Sends text over a bare socket and collects what comes back until the other side closes or `enough` is seen.
 * @param reply called with all that has come back, whenever there is more
 */
export function exchange(
  port: number,
  text: string | readonly string[],
  enough: RegExp,
  reply?: (received: string, send: (text: string) => void) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const end = (): void => {
      socket.destroy();
      resolve(received);
    };
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      reply?.(received, (more) => socket.write(more));
      if (enough.test(received)) end();
    });
    socket.on('end', end);
    socket.on('error', reject);
    for (const part of [text].flat()) socket.write(part);
  });
}
