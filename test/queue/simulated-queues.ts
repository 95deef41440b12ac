import { MnsClient } from '../clients/alicloud-mns.js';
import { KEY, startSimulator, type Simulator } from '../clients/simulator-process.js';

/** The simulator for its queues: filled and looked into past the faults that consumers are given. */
export class SimulatedQueues {
  readonly #simulator: Simulator;

  private constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  /** @param env more of its settings */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<SimulatedQueues> {
    return new SimulatedQueues(await startSimulator(env));
  }

  get url(): string {
    return this.#simulator.url;
  }

  /** Environment of an ingress that is to fetch from here. */
  get endpoints(): Readonly<Record<string, string>> {
    return { MNS_QUEUE_ENDPOINT: this.url, MNS_TOKEN_ENDPOINT: this.url };
  }

  /** Makes a queue of the account itself. @param visibility seconds for which a received message is hidden from others */
  async create(queue: string, visibility: number): Promise<void> {
    const client = new MnsClient('1000000000000001', { endpoint: this.url, ...KEY });
    await client.createQueue(queue, { VisibilityTimeout: visibility });
  }

  /** Puts bodies into a queue, as they are and in any order. */
  async send(queue: string, bodies: readonly string[]): Promise<void> {
    for (let from = 0; from < bodies.length; from += 32) {
      await Promise.all(bodies.slice(from, from + 32).map((body) => this.#simulator.send(queue, body)));
    }
  }

  /** How many messages could be received now. */
  async waiting(queue: string): Promise<number> {
    return (await this.#simulator.counts(queue)).active ?? 0;
  }

  /** How many messages there are, those included that somebody has received and not deleted. */
  async size(queue: string): Promise<number> {
    const { active = 0, inactive = 0, delayed = 0 } = await this.#simulator.counts(queue);
    return active + inactive + delayed;
  }

  /** Sets faults; what is not named stays as it is. */
  setFaults(faults: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#simulator.setFaults(faults);
  }

  /** Takes all faults away. @returns how often each of them has struck */
  async mend(): Promise<Readonly<Record<string, number>>> {
    const { counts } = (await (await fetch(`${this.url}/faults`)).json()) as { counts: Record<string, number> };
    await fetch(`${this.url}/faults`, { method: 'DELETE' });
    return counts;
  }

  stop(): Promise<void> {
    return this.#simulator.stop();
  }
}

/** As the queues of Alibaba Cloud hold a receipt: Base64 of one JSON object. */
export function queued(receipt: object): string {
  return Buffer.from(JSON.stringify(receipt)).toString('base64');
}
