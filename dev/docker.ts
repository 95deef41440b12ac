import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { REPOSITORY } from './places.js';
import { Refusal } from './refusal.js';

const run = promisify(execFile);

/** A service of docker-compose.yml. */
export type Service = 'kafka' | 'postgres';

/** Whether Docker runs here and has its compose command. */
export async function hasDocker(): Promise<boolean> {
  try {
    await run('docker', ['compose', 'version']);
    await run('docker', ['info']);
    return true;
  } catch {
    return false;
  }
}

/** Starts a service of docker-compose.yml in the background; its port on this machine is `port`. */
export async function startService(service: Service, port: number): Promise<void> {
  const variable = service === 'kafka' ? 'QUITTANCE_KAFKA_PORT' : 'QUITTANCE_POSTGRES_PORT';
  try {
    await run('docker', ['compose', 'up', '--detach', service], {
      cwd: REPOSITORY,
      env: { ...process.env, [variable]: String(port) },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const lines = (error as { stderr?: string }).stderr?.trim().split('\n') ?? [];
    throw new Refusal(`docker compose could not start ${service}: ${lines.at(-1) ?? 'no reason given'}`);
  }
}

/** Stops a service; its data stays. */
export async function stopService(service: Service): Promise<void> {
  await run('docker', ['compose', 'stop', service], { cwd: REPOSITORY });
}

/** Removes all services, those of profiles too, and their data. Silent when there is no Docker. */
export async function removeServices(): Promise<void> {
  const profiles = ['--profile', 'demo', '--profile', 'observability'];
  await run('docker', ['compose', ...profiles, 'down', '--volumes'], { cwd: REPOSITORY }).catch(() => undefined);
}
