import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { BenchStack } from '../bench-stack.js';

/** A step of load. */
export interface LoadStep {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  /** Requests a second, started whatever becomes of the earlier ones; 0: every connection always has one under way. */
  readonly rate: number;
  readonly seconds: number;
  /** Bytes of each body; left out: one report, as providers send it. */
  readonly bodyBytes?: number;
}

/** What came of it. */
export interface LoadResult {
  /** Requests that were to be made. */
  readonly offered: number;
  /** Answered 2xx. */
  readonly accepted: number;
  /** Answered with anything else. */
  readonly refused: number;
  /** No answer within the time that a step may run over, or never sent. */
  readonly unanswered: number;
  /** From the start to the last answer. */
  readonly seconds: number;
  /** 99 of 100 that were refused had their answer after so many milliseconds; 0 where none was. */
  readonly refusedP99: number;
  /** The same of those that were accepted. */
  readonly acceptedP99: number;
  /** Milliseconds from the moment that a request was to start, answered or not. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** CPU seconds that the load generator itself took. */
  readonly generatorCpu: number;
}

/** Runs one step in a process of its own, which the event loop of the rest of the benchmark cannot disturb. */
export async function runLoad(stack: BenchStack, step: LoadStep): Promise<LoadResult> {
  const generator = spawn(process.execPath, [join(import.meta.dirname, 'load-generator.js'), JSON.stringify(step)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = generator;
  if (pid !== undefined) stack.register('load-generator', pid);
  let output = '';
  generator.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    generator.once('error', reject);
    generator.once('close', resolve);
  });
  if (pid !== undefined) stack.forget(pid);
  if (code !== 0) throw new Error(`the load generator ended with ${code ?? 'a signal'}`);
  return JSON.parse(output) as LoadResult;
}
