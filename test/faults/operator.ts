import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCommand } from '../../apps/projector/src/ops/run-command.js';
import type { Stage } from './stage.js';

/**
 * Runs a command of `npm run ops`, as an operator does who follows the manual.
 * @returns what it printed
 * @throws Error with what it said, when it could not be done
 */
export async function operate(stage: Stage, ...args: readonly string[]): Promise<string> {
  const output = new PassThrough();
  const errors = new PassThrough();
  const texts = Promise.all([text(output), text(errors)]);
  const env = stage.installation.environment;
  const code = await runCommand(args, { env, output, errors, stop: () => new AbortController().signal });
  output.end();
  errors.end();
  const [printed, said] = await texts;
  if (code !== 0) throw new Error(`ops ${args.join(' ')} ended with ${code}: ${printed}${said}`);
  return printed;
}
