import type { Installation, RunningApp } from '../installation.js';

/** A stage of an installation. */
export type Stage = 'ingress' | 'normaliser' | 'projector';

/** Who is killed, one after the other: projectors most often, because theirs is the state. */
const VICTIMS: readonly Stage[] = ['projector', 'ingress', 'normaliser', 'projector', 'projector'];

/** The processes of an installation, some of which are killed with SIGKILL and started again. */
export class Processes {
  /** How many were killed. */
  kills = 0;
  readonly #installation: Installation;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #running = new Map<Stage, RunningApp[]>();
  #killing: Promise<void> = Promise.resolve();

  constructor(installation: Installation, environment: Readonly<Record<string, string>>) {
    this.#installation = installation;
    this.#environment = environment;
  }

  /** Starts so many of each, and waits until they are ready. */
  async start(counts: Readonly<Record<Stage, number>>): Promise<void> {
    for (const [stage, count] of Object.entries(counts) as [Stage, number][]) {
      const apps = Array.from({ length: count }, () => this.#installation.start(stage, this.#environment));
      this.#running.set(stage, await Promise.all(apps));
    }
  }

  /** Port of the public door. */
  get port(): number {
    return this.#of('ingress')[0]?.port ?? 0;
  }

  /** Kills the next victim and starts another in its place; returns at once, and never two at a time. */
  killNext(): void {
    const victim = VICTIMS[this.kills % VICTIMS.length]!;
    this.kills += 1;
    this.#killing = this.#killing.then(() => this.#replace(victim));
    // It is heard of when somebody stops them.
    this.#killing.catch(() => undefined);
  }

  /** Stops all of them. @throws Error when one had ended by itself */
  async stop(): Promise<void> {
    await this.#killing;
    for (const apps of this.#running.values()) for (const app of apps.splice(0)) await app.stop();
  }

  async #replace(stage: Stage): Promise<void> {
    const apps = this.#of(stage);
    await apps.shift()?.kill();
    // Not until it is ready: that may take as long as the group waits for the dead member, and nobody waits for us.
    apps.push(await this.#installation.launch(stage, this.#environment));
  }

  #of(stage: Stage): RunningApp[] {
    return this.#running.get(stage) ?? [];
  }
}
