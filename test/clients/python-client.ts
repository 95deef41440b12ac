import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The vendor's client for Python, as PyPI has it. */
const PACKAGE = 'aliyun-mns==1.1.5';
const ENVIRONMENT = join(import.meta.dirname, '..', '..', '.dev', 'python', 'aliyun-mns-1.1.5');
/** A registry that does not answer is one that is not there, ms. */
const PATIENCE = 60_000;

/** A Python that has the vendor's client, or why there is none here. */
export type PythonClient = { readonly python: string } | { readonly missing: string };

/** Finds it, or makes it: a virtual environment that stays for the next time. */
export function findPythonClient(): PythonClient {
  const python = join(ENVIRONMENT, 'bin', 'python3');
  const canImport = (): string | null => run('import', python, ['-c', 'import mns.account']);
  if (existsSync(python) && canImport() === null) return { python };
  const problem =
    run('python3 -m venv', 'python3', ['-m', 'venv', '--clear', ENVIRONMENT]) ??
    run('pip install', python, ['-m', 'pip', 'install', '--quiet', '--retries', '0', PACKAGE]) ??
    canImport();
  return problem === null ? { python } : { missing: problem };
}

/** Null when it went well, else the last line that it said. */
function run(step: string, command: string, args: readonly string[]): string | null {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: PATIENCE });
  if (status === 0) return null;
  return `${step}: ${error?.message ?? stderr.trim().split('\n').at(-1) ?? ''}`;
}
