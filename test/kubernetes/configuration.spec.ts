import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROVIDERS } from '#providers';
import { loadConfiguration } from '#runtime';
import { environmentOf } from './environment-problems.js';
import { workloads, type Manifest } from './manifest.js';
import { render } from './render.js';

const FILE = /\$\{file:([^}]+)\}/g;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quittance-manifests-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Secret {
  readonly stringData?: Readonly<Record<string, string>>;
}

describe.each(['dev', 'production'])('quittance.yaml of %s', (overlay) => {
  const manifests = render(`k8s/overlays/${overlay}`);
  const text = manifests.find(({ metadata }) => metadata.name === 'quittance-configuration')!.data!['quittance.yaml']!;
  const files = [...new Set([...text.matchAll(FILE)].map(([, file]) => file!))];

  it('is one that the ingress starts with, once its secrets are there', () => {
    const file = join(folder, `${overlay}.yaml`);
    writeFileSync(
      file,
      text.replace(FILE, (_all, path: string) =>
        path.endsWith('/namespace') ? '6f1c1d52-3f0c-4d7a-9a53-0d6d2a6e5b11' : 'a-made-up-secret-1',
      ),
    );
    const { sources, installation } = loadConfiguration(file, {}, PROVIDERS);
    expect(sources.size).toBeGreaterThan(3);
    expect(installationOfProjector(manifests)).toBe(installation);
  });

  it.each(['quittance-ingress', 'quittance-ops'])('names only files that %s has', (name) => {
    const mounts = workloads(manifests)
      .find((workload) => workload.name === name)!
      .pod.containers[0]!.volumeMounts!.map(({ mountPath }) => mountPath);
    expect(files.filter((file) => !mounts.some((mount) => file.startsWith(`${mount}/`)))).toEqual([]);
  });

  it("is checked by operators' commands with the queues that the ingress asks", () => {
    const [ingress, ops] = ['quittance-ingress', 'quittance-ops'].map((name) => {
      const { pod } = workloads(manifests).find((workload) => workload.name === name)!;
      const { MNS_QUEUE_ENDPOINT, MNS_TOKEN_ENDPOINT } = environmentOf(manifests, pod.containers[0]!);
      return [MNS_QUEUE_ENDPOINT, MNS_TOKEN_ENDPOINT];
    });
    expect(ops).toEqual(ingress);
  });

  it('names only secrets that are made', () => {
    const made = manifests.filter(({ kind }) => kind === 'Secret') as readonly (Manifest & Secret)[];
    const keys = new Set(made.flatMap(({ stringData = {} }) => Object.keys(stringData)));
    // In production they come from a vault, and only that knows its keys.
    if (overlay === 'dev') expect(files.filter((file) => !keys.has(file.split('/').at(-1)!))).toEqual([]);
    expect(files.length).toBeGreaterThan(3);
  });
});

function installationOfProjector(manifests: readonly Manifest[]): string | undefined {
  const projector = workloads(manifests).find(({ name }) => name === 'quittance-projector')!;
  return environmentOf(manifests, projector.pod.containers[0]!).INSTALLATION;
}
