import { Readable } from 'node:stream';
import { Refusal } from './refusal.js';

/** Talks to a simulator that runs. Every method throws Refusal when it is not there or does not want to. */
export interface SimulatorControl {
  get<T>(path: string): Promise<T>;
  change<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** The bytes of an answer as they come. */
  stream(path: string): Promise<Readable>;
}

/** @param address without a trailing slash */
export function controlOf(address: string): SimulatorControl {
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const content =
      body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(address + path, { method, ...content }).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new Refusal(
        `No simulator answers at ${address} (${cause}).\n` +
          'Start one with npm start or npm run simulator -- serve, or say with --at where it is.',
      );
    });
    if (response.ok) return response;
    throw new Refusal(`The simulator says no: ${reasonIn(await response.text())}`);
  };
  return {
    get: async <T>(path: string) => (await (await ask('GET', path)).json()) as T,
    change: async <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
      (await (await ask(method, path, body)).json()) as T,
    stream: async (path) => {
      const { body } = await ask('GET', path);
      return body === null ? Readable.from([]) : Readable.fromWeb(body);
    },
  };
}

/** The sentences of an error's body. */
function reasonIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: string | readonly string[] };
    return typeof message === 'string' ? message : (message?.join('; ') ?? text);
  } catch {
    return text;
  }
}
