import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import type { BeforeApplicationShutdown, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { OutgoingRecord } from '#kafka';
import type { Provider } from '#providers';
import type { Health, Logger, Source } from '#runtime';
import type { Tracing } from '#tracing';
import type { ConnectionLimit } from './connection-limit.js';
import { Doors } from './doors.js';
import type { IngressMetrics } from './ingress-metrics.js';
import type { IntakeRoom } from './intake-room.js';
import { ReceiptRoute } from './receipt-route.js';
import type { Publish } from './receipt-route.js';
import { RefusalLog } from './refusal-log.js';

/** What the door needs. */
export interface PublicDoorParts {
  readonly sources: ReadonlyMap<string, Source>;
  readonly providers: Readonly<Record<string, Provider>>;
  /** Full name of the topic of raw receipts. */
  readonly topic: string;
  readonly publish: Publish;
  /** Told of each receipt that is acknowledged. */
  readonly onAccepted: (record: OutgoingRecord) => void;
  readonly room: IntakeRoom;
  readonly connections: ConnectionLimit;
  readonly logger: Logger;
  /** Share of accepted receipts that have a line, 0 to 1. */
  readonly logSample: number;
  readonly health: Health;
  readonly metrics: IngressMetrics;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
}

/**
 * How long, ms, the last answers say `connection: close` before the port closes. Clients that send without a pause then
 * go elsewhere by themselves, and none of them writes into a connection that is being closed.
 */
const FAREWELL = 250;
/** How often a closing server looks for connections that have become idle, ms. */
const REAP_INTERVAL = 50;
/**
 * After so many looks without a receipt in flight the remaining connections are cut. They have sent nothing, or half a
 * head; node:http counts them as active, and enforces no timeout on them once the server is closing.
 */
const QUIET_LOOKS = 6;

/** Hands the receipt route to the server that Nest runs, and sees to it that the server closes promptly. */
export class PublicDoor implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #doorsOf: (sources: ReadonlyMap<string, Source>) => Doors;
  #doors: Doors;
  readonly #route: ReceiptRoute;
  readonly #refusals: RefusalLog;
  readonly #unverified: RefusalLog;
  readonly #connections: ConnectionLimit;
  #reaper: NodeJS.Timeout | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    {
      sources,
      providers,
      topic,
      publish,
      onAccepted,
      room,
      connections,
      logger,
      logSample,
      health,
      metrics,
      tracing,
    }: PublicDoorParts,
  ) {
    this.#doorsOf = (configured) => new Doors(configured.values(), providers, topic);
    this.#doors = this.#doorsOf(sources);
    this.#refusals = new RefusalLog(logger);
    this.#unverified = new RefusalLog(logger, 'receipt.taken-unverified');
    this.#route = new ReceiptRoute(this.#doors, {
      publish,
      onAccepted,
      room,
      logger,
      logSample,
      refusals: this.#refusals,
      unverified: this.#unverified,
      tracing,
    });
    this.#connections = connections;
    metrics.watch({
      inFlight: () => this.#route.inFlight,
      bytes: () => room.bytes,
      connections: () => connections.open,
      refusedConnections: () => connections.refused,
    });
    this.#route.useMetrics(metrics);
    health.register('door', () =>
      this.#server.server.listening ? { healthy: true } : { healthy: false, detail: 'the port is not open' },
    );
  }

  /** Ids of the sources that may be pushed to. */
  get sources(): readonly string[] {
    return this.#doors.ids;
  }

  /** Makes the doors of other sources; what it returns opens them instead of those that are there. */
  prepare(sources: ReadonlyMap<string, Source>): () => void {
    const doors = this.#doorsOf(sources);
    return () => {
      this.#doors = doors;
      this.#route.useDoors(doors);
    };
  }

  /** What has begun and is not over. */
  get unfinished(): Readonly<Record<string, number>> {
    return { receipts: this.#route.inFlight };
  }

  get #server(): FastifyInstance {
    return this.host.httpAdapter.getInstance<FastifyInstance>();
  }

  onModuleInit(): void {
    const { server } = this.#server;
    // Node drops the headers beyond its limit in silence. The bytes of all are limited: that is enough.
    server.maxHeadersCount = 0;
    this.#connections.watch(server);
    this.#route.register(this.#server);
  }

  /** Nest closes the HTTP server right after this. What is in flight gets its answer; what is idle must not delay it. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#route.drain();
    const { server } = this.#server;
    const connections = await new Promise<number>((resolve) => {
      server.getConnections((_error, count) => {
        resolve(count);
      });
    });
    if (connections > 0) await delay(FAREWELL);
    // Timers may run before what came in while the process was busy is read, and its connection would count as idle.
    await turn();
    let quiet = 0;
    this.#reaper = setInterval(() => {
      setImmediate(() => {
        quiet = this.#route.inFlight === 0 ? quiet + 1 : 0;
        if (quiet > QUIET_LOOKS) server.closeAllConnections();
        else server.closeIdleConnections();
      });
    }, REAP_INTERVAL);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#reaper);
    this.#route.stop();
    this.#refusals.stop();
    this.#unverified.stop();
  }
}
