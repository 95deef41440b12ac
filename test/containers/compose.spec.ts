import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROVIDERS } from '#providers';
import { loadConfiguration, readEnvironment } from '#runtime';
import { readEnvironment as readSimulatorEnvironment } from '../../apps/simulator/src/environment.js';
import { ROOT, textOf } from '../architecture/source-tree.js';
import { composeServices, environmentOf, mountsOf } from './compose-file.js';
import { readDockerfile } from './dockerfile.js';

/** What reads the environment of a service of ours. */
const ROLES = {
  ingress: 'ingress',
  normaliser: 'normaliser',
  projector: 'projector',
  migrate: 'migration',
  'set-up-topics': 'topics',
} as const;

/** The variables that a role reads, by .env.example, which a test holds against the code. */
function variablesOf(role: string): ReadonlySet<string> {
  const entries = textOf('.env.example').matchAll(/^# Read by: (.*?)\.(?: Required by: .*)?\n#? ?([A-Z_]+)=/gm);
  return new Set([...entries].filter(([, roles]) => roles!.split(', ').includes(role)).map(([, , name]) => name!));
}

describe('docker-compose.yml', () => {
  const services = composeServices();
  const ours = Object.entries(services).filter(([, { image }]) => image.startsWith('quittance:'));
  const example = join(ROOT, 'quittance.example.yaml');

  it('runs every process of the image under the name of its entry point', () => {
    expect(ours.map(([name, { command }]) => [name, command])).toEqual(ours.map(([name]) => [name, [name]]));
    expect(ours.map(([name]) => name).toSorted()).toEqual([...Object.keys(ROLES), 'simulator'].toSorted());
  });

  it.each(Object.entries(ROLES))('gives %s an environment that it starts with', (name, role) => {
    const environment = environmentOf(services[name]!);
    expect(() => readEnvironment(role, environment)).not.toThrow();
    const known = variablesOf(role);
    const ofExample = new Set([...textOf('quittance.example.yaml').matchAll(/\$\{([A-Z_]+)\}/g)].map(([, one]) => one));
    expect(Object.keys(environment).filter((one) => !known.has(one) && !ofExample.has(one))).toEqual([]);
  });

  it('gives the configuration its names and secrets, and the simulator the same', () => {
    const { ingress, normaliser, simulator } = services;
    expect(() => loadConfiguration(example, environmentOf(ingress!), PROVIDERS)).not.toThrow();
    expect(() => loadConfiguration(example, environmentOf(normaliser!), PROVIDERS, { secrets: false })).not.toThrow();
    const { credentials, mns, ingressUrl } = readSimulatorEnvironment(environmentOf(simulator!));
    expect(Object.values(credentials)).not.toContain(null);
    expect(mns.customer).not.toBeNull();
    expect(new URL(ingressUrl).hostname).toBe('ingress');
  });

  it.each(ours)('%s may write nowhere and gain nothing', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  it('builds the image as the Dockerfile does by itself', () => {
    const { args } = readDockerfile();
    for (const [, { build }] of ours) {
      for (const [name, value] of Object.entries(build!.args)) expect([name, value]).toEqual([name, args.get(name)]);
    }
  });

  it('opens ports to this machine only, and mounts files that are there', () => {
    const all = Object.values(services);
    expect(all.flatMap(({ ports = [] }) => ports).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const files = all.flatMap(mountsOf);
    expect(files).toContain('./quittance.example.yaml');
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('has by themselves the two services that npm start uses', () => {
    expect(services).toMatchObject({ kafka: expect.anything(), postgres: expect.anything() });
    expect(services.kafka).not.toHaveProperty('depends_on');
    expect(services.postgres).not.toHaveProperty('depends_on');
  });
});
