import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { DEVELOPMENT, type AppName } from '../../dev/apps.js';
import { REPOSITORY } from '../../dev/places.js';
import { controlOf, type SimulatorControl } from '../../dev/simulator-control.js';
import { untilReady, type AppProcess } from '../system/app-process.js';
import { Installation, push } from '../system/installation.js';
import { smsReport } from '../system/receipts.js';
import { until } from '../system/until.js';
import type { Load } from './run-fault.js';
import type { Servers } from './servers.js';
import { TcpLine } from './tcp-line.js';

/** Those that receipts are pushed to. */
export const INGRESSES = ['ingress-1', 'ingress-2'] as const;

/** The processes of an installation that can be broken. */
export const PARTS = [...INGRESSES, 'normaliser', 'projector'] as const;

/** One of them, or one that a fault adds. */
export type Part = (typeof PARTS)[number] | `${'ingress' | 'normaliser' | 'projector'}-${number}`;

/** How long it may take until a receipt goes all the way once everything is whole. */
const RECOVERY_LIMIT = 120_000;

/**
 * A whole Quittance for one fault: two ingresses behind a balancer, a normaliser and a projector, and the simulator
 * that pushes to them and has the queues they empty.
 */
export class Stage {
  readonly servers: Servers;
  readonly installation: Installation;
  readonly #parts = new Map<Part, AppProcess>();
  #ingressEnvironment: Readonly<Record<string, string>> = {};
  readonly #balancer: TcpLine;
  #simulator!: AppProcess;
  #control!: SimulatorControl;

  private constructor(servers: Servers, installation: Installation, balancer: TcpLine) {
    this.servers = servers;
    this.installation = installation;
    this.#balancer = balancer;
  }

  /** @param spoolDirectory where its ingresses have their spools */
  static async create(
    servers: Servers,
    spoolDirectory: string,
    { timeCompression, isPatient = false }: Pick<Load, 'timeCompression' | 'isPatient'>,
  ): Promise<Stage> {
    const balancer: TcpLine = await TcpLine.open(() => stage.#doors());
    const installation = await Installation.create({
      brokers: servers.brokers,
      databaseServer: servers.databaseUrl,
      configuration: demonstration(isPatient ? '5s' : null),
      environment: {
        ...DEVELOPMENT_SECRETS,
        TIME_COMPRESSION: String(timeCompression),
        PATIENCE: isPatient ? '10' : '1',
        INGRESS_URL: `http://127.0.0.1:${balancer.port}`,
        ERASURE_KEY: 'a-key-of-the-faults-that-is-long-enough-0000',
        LOG_LEVEL: 'info',
      },
    });
    const stage = new Stage(servers, installation, balancer);
    try {
      stage.#simulator = await installation.start('simulator');
      const { door } = stage.#simulator;
      stage.#control = controlOf(door);
      stage.#ingressEnvironment = {
        MNS_QUEUE_ENDPOINT: door,
        MNS_TOKEN_ENDPOINT: door,
        SPOOL_DIRECTORY: spoolDirectory,
      };
      await Promise.all(PARTS.map((part) => stage.start(part)));
    } catch (error) {
      await stage.stop();
      throw error;
    }
    return stage;
  }

  get control(): SimulatorControl {
    return this.#control;
  }

  /** Address of the simulator. */
  get simulator(): string {
    return this.#simulator.door;
  }

  /** Starts a part, again or for the first time, and waits until it is ready unless it is told not to. */
  async start(part: Part, { ready = true, env = {} } = {}): Promise<void> {
    const app = appOf(part);
    const own = app === 'ingress' ? this.#ingressEnvironment : {};
    this.#parts.set(part, await this.installation.start(app, { ready, env: { ...own, ...env } }));
  }

  /** Kills a part, and waits until it is gone. */
  async kill(part: Part): Promise<void> {
    const app = this.part(part);
    app.process.signal('SIGKILL');
    await app.process.exited;
    this.#parts.delete(part);
  }

  /** Asks a part to stop, and waits until it has; it must end with exit code 0. */
  async stopInOrder(part: Part): Promise<void> {
    const app = this.part(part);
    // Like an orchestrator: no new connections from now on.
    this.#parts.delete(part);
    const exit = await app.process.stop('SIGTERM', 30_000);
    if (exit.code !== 0) throw new Error(`${part} was asked to stop and ended with ${JSON.stringify(exit)}`);
  }

  /** Waits until a part has ended by itself, as one does that cannot go on; what it printed. */
  async ended(part: Part): Promise<string> {
    const app = this.part(part);
    await until(`${part} has ended by itself`, () => app.process.exit() !== null, { limit: RECOVERY_LIMIT });
    this.#parts.delete(part);
    return app.log();
  }

  /** A part that runs. */
  part(part: Part): AppProcess {
    const app = this.#parts.get(part);
    if (app === undefined) throw new Error(`${part} does not run`);
    return app;
  }

  /** Every part that runs, by name. */
  get parts(): ReadonlyMap<Part, AppProcess> {
    return this.#parts;
  }

  /** Pushes a report of its own and waits for its row, again and again if need be: then everything works. */
  async untilReceiptsGoAllTheWay(): Promise<void> {
    const report = smsReport();
    const token = DEVELOPMENT.ALI_TOKEN;
    await until(
      'a receipt goes all the way',
      async () => {
        const [ingress] = this.#parts.values();
        if (ingress === undefined) return false;
        const { status } = await push(
          { ...ingress, door: `http://127.0.0.1:${this.#balancer.port}` },
          'ali-sms-report',
          JSON.stringify([report]),
          { token },
        );
        return status === 200 && (await this.#isRow(report.out_id));
      },
      { limit: RECOVERY_LIMIT, every: 100 },
    );
    await Promise.all([...this.#parts.values()].map(untilReady));
  }

  async stop(): Promise<void> {
    await this.#balancer.close();
    await this.installation.stop(this.servers.postgres.databaseUrl);
  }

  async #isRow(reference: string): Promise<boolean> {
    for (let look = 0; look < 10; look += 1) {
      const rows = await this.installation
        .rows('SELECT 1 FROM message WHERE reference = $1', [reference])
        .catch(() => []);
      if (rows.length > 0) return true;
      await delay(100);
    }
    return false;
  }

  #doors(): number[] {
    return [...this.#parts].flatMap(([part, { door }]) =>
      appOf(part) === 'ingress' ? [Number(new URL(door).port)] : [],
    );
  }
}

/** The sources of the example. @param deadline of all doors; null: as it is by default */
function demonstration(deadline: string | null) {
  const example = parse(readFileSync(join(REPOSITORY, 'quittance.example.yaml'), 'utf8')) as {
    readonly accounts: object;
    readonly sources: readonly { readonly http?: object }[];
  };
  if (deadline === null) return example;
  const sources = example.sources.map((source) =>
    source.http === undefined ? source : { ...source, http: { ...source.http, deadline } },
  );
  return { ...example, sources };
}

const { ALI_AK, ALI_SK, ALI_TOKEN, HW_AK, HW_SK, TENCENT_TOKEN, VOLCENGINE_TOKEN } = DEVELOPMENT;
const DEVELOPMENT_SECRETS = { ALI_AK, ALI_SK, ALI_TOKEN, HW_AK, HW_SK, TENCENT_TOKEN, VOLCENGINE_TOKEN };

function appOf(part: Part): Exclude<AppName, 'simulator'> {
  return part.replace(/-\d+$/, '') as Exclude<AppName, 'simulator'>;
}
