import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DEV_DIRECTORY } from '../../dev/places.js';
import { runStep, unlessMissing, type Missing } from './run-step.js';

/** A Python that has the packages wanted. */
export interface PythonEnvironment {
  readonly python: string;
}

/**
 * Finds a virtual environment, or makes it; it stays for the next time.
 * @param name of its directory; a new one for other packages or versions
 * @param packages arguments of `pip install`
 * @param probe Python that fails where they are not there
 */
export async function findPythonEnvironment(
  name: string,
  packages: readonly string[],
  probe: string,
): Promise<PythonEnvironment | Missing> {
  const environment = join(DEV_DIRECTORY, 'python', name);
  const python = join(environment, 'bin', 'python3');
  const probed = async (): Promise<PythonEnvironment> => {
    await runStep('import', python, ['-c', probe]);
    return { python };
  };
  if (existsSync(python)) {
    const found = await unlessMissing(probed);
    if (!('missing' in found)) return found;
  }
  return unlessMissing(async () => {
    await runStep('python3 -m venv', 'python3', ['-m', 'venv', '--clear', environment]);
    await runStep('pip install', python, ['-m', 'pip', 'install', '--quiet', '--retries', '0', ...packages]);
    return probed();
  });
}
