import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Why something in another language cannot be run on this machine; for people. */
export interface Missing {
  readonly missing: string;
}

/** A registry that does not answer for so long is one that is not there; nor may a build hold up everything else. ms */
const PATIENCE = 60_000;

/** A step that went wrong, with everything that it printed. */
export class StepFailed extends Error {
  constructor(
    step: string,
    readonly output: string,
    why: string,
  ) {
    super(`${step}: ${why}`);
  }
}

/** How Node tells that a command failed. */
type Failure = Error & { readonly stdout?: string; readonly stderr?: string; readonly killed?: boolean };

/** Runs a command to its end. @throws StepFailed */
export async function runStep(
  step: string,
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): Promise<void> {
  try {
    await promisify(execFile)(command, args, { encoding: 'utf8', timeout: PATIENCE, ...options });
  } catch (error) {
    const { stdout = '', stderr = '', message, killed } = error as Failure;
    const output = `${stdout}\n${stderr}`.trim();
    const firstError = output.split('\n').find((line) => line.includes('ERROR'));
    if (killed === true) throw new StepFailed(step, output, `took longer than ${PATIENCE / 1000} s`);
    throw new StepFailed(step, output, (firstError ?? output.split('\n').at(-1)!) || message);
  }
}

/** The result of what needs a tool or a registry, or why there is none. What is not a failed step is thrown on. */
export async function unlessMissing<T>(make: () => Promise<T>): Promise<T | Missing> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof StepFailed) return { missing: error.message };
    throw error;
  }
}
