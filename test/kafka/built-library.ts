/**
 * The Kafka library as it runs in production, with its parts replaced (docs/decisions/0003-kafkajs-patched.md). Test
 * runners keep a cache of modules of their own, in which nothing is replaced: so the built library runs in a process of
 * its own.
 */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { GroupCommitProducer, type GroupCommitProducerOptions, type OutgoingRecord } from '#kafka';
import { silentLogger } from '../system/silent-logger.js';

const LIBRARY = join(import.meta.dirname, '..', '..', 'dist', 'libs', 'kafka', 'src', 'index.js');

/** Starts a module in which `kafka` is the built library. */
function start(code: string, stdio: StdioOptions): ChildProcess {
  const module = `import * as kafka from ${JSON.stringify(LIBRARY)};\n${code}`;
  return spawn(process.execPath, ['--input-type=module', '-e', module], { stdio });
}

/** Runs a module in which `kafka` is the built library; resolves to what it printed. */
export async function runBuilt(code: string): Promise<string> {
  const child = start(code, ['ignore', 'pipe', 'pipe']);
  let [printed, complaints] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const [exit] = (await once(child, 'close')) as [number | null];
  if (exit !== 0) throw new Error(`ended with ${exit}:\n${complaints}`);
  return printed.trim();
}

/** What a producer can be asked, here or in another process. */
export type Producer = Pick<GroupCommitProducer, 'publish' | 'publishAll' | 'close'> & {
  isConnected(): Promise<boolean>;
};

type Options = Omit<GroupCommitProducerOptions, 'logger'>;

/** A producer over the client as its makers wrote it: that is what test runners load. */
function originalProducer(options: Options): Promise<Producer> {
  const producer = new GroupCommitProducer({ ...options, logger: silentLogger });
  return Promise.resolve({
    publish: (record) => producer.publish(record),
    publishAll: (records) => producer.publishAll(records),
    close: (within) => producer.close(within),
    isConnected: () => Promise.resolve(producer.connected),
  });
}

const SERVE = `
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  let producer;
  const asked = {
    make: (options) => void (producer = new kafka.GroupCommitProducer({ ...options, logger })),
    publish: (record) => producer.publish(record),
    publishAll: (records) => producer.publishAll(records),
    close: () => producer.close(),
    isConnected: () => producer.connected,
  };
  process.on('message', async ({ id, what, value }) => {
    try {
      process.send({ id, result: await asked[what](value) });
    } catch (error) {
      process.send({ id, failed: error.name + ': ' + error.message });
    }
  });
  process.on('disconnect', () => process.exit());`;

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  /** Name and message of the error. */
  readonly failed?: string;
}

/** A producer of the built library, in a process of its own that ends when the producer is closed. Values are texts. */
async function builtProducer(options: Options): Promise<Producer> {
  const child = start(SERVE, ['ignore', 'inherit', 'inherit', 'ipc']);
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on('message', (answer) => waiting.get((answer as Answer).id)?.(answer as Answer));
  let last = 0;
  const ask = async (what: string, value?: unknown): Promise<unknown> => {
    const id = (last += 1);
    const { promise, resolve } = Promise.withResolvers<Answer>();
    waiting.set(id, resolve);
    child.send({ id, what, value });
    const { result, failed } = await promise;
    if (failed !== undefined) throw new Error(failed);
    return result;
  };
  await ask('make', options);
  return {
    publish: async (record: OutgoingRecord) => {
      await ask('publish', record);
    },
    publishAll: async (records) => {
      await ask('publishAll', records);
    },
    isConnected: async () => (await ask('isConnected')) === true,
    close: async () => {
      await ask('close');
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** Both, to be held against each other. */
export const PRODUCERS: readonly (readonly [name: string, make: (options: Options) => Promise<Producer>])[] = [
  ['the original client', originalProducer],
  ['the patched client', builtProducer],
];
