import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { filesBelow, textOf } from '../architecture/source-tree.js';
import { environmentProblems } from './environment-problems.js';
import { isOurs, workloads, type Manifest } from './manifest.js';
import { securityProblems, terminationProblems } from './pod-problems.js';
import { portProblems, referenceProblems, selectorProblems } from './reference-problems.js';
import { kustomization, render } from './render.js';
import { schemaProblems } from './schemas.js';

/** What is applied, and the base behind ingress-nginx instead of a load balancer. */
const ROOTS = ['k8s/overlays/dev', 'k8s/overlays/production', 'k8s/strimzi', 'test/kubernetes/fixtures/ingress-nginx'];
const RENDERED: Readonly<Record<string, readonly Manifest[]>> = Object.fromEntries(
  ROOTS.map((root) => [root, render(root)]),
);
const PRODUCTION = RENDERED['k8s/overlays/production']!;

/** The same manifests with one text replaced, to see that a check sees it. */
function misspelt(manifests: readonly Manifest[], right: string, wrong: string): readonly Manifest[] {
  const text = JSON.stringify(manifests);
  expect(text).toContain(right);
  return JSON.parse(text.replaceAll(right, wrong)) as readonly Manifest[];
}

const version = (JSON.parse(textOf('package.json')) as { version: string }).version;

describe.each(ROOTS)('%s', (root) => {
  const manifests = RENDERED[root]!;

  it('is what the schemas of its kinds allow', () => {
    expect(manifests.flatMap(schemaProblems)).toEqual([]);
  });

  it('has everything once, in one namespace', () => {
    const names = manifests.map(({ kind, metadata: { name } }) => `${kind} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const others = manifests.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace === undefined);
    expect(others).toEqual([]);
  });

  it('names only what is there', () => {
    expect(referenceProblems(manifests)).toEqual([]);
    expect(selectorProblems(manifests)).toEqual([]);
    expect(portProblems(manifests)).toEqual([]);
  });

  it('tells every process what it reads, and nothing else', () => {
    expect(environmentProblems(manifests)).toEqual([]);
  });

  it('gives no pod more rights than it needs', () => {
    expect(securityProblems(manifests)).toEqual([]);
  });

  it('lets every stage finish what it began', () => {
    expect(terminationProblems(manifests)).toEqual([]);
  });

  it('says which version of each image', () => {
    const images = workloads(manifests).map((workload) => ({ workload, image: workload.pod.containers[0]!.image }));
    for (const { workload, image } of images) {
      expect(image).toMatch(/:[0-9][0-9.]*$/);
      if (isOurs(workload)) expect(image.split(':').at(-1)).toBe(version);
    }
  });
});

describe('the checks', () => {
  it.each([
    ['a field that no kind has', 'terminationGracePeriodSeconds', 'terminationGrace', schemaProblems],
    ['a wrong type', '"maxReplicaCount":24', '"maxReplicaCount":"24"', schemaProblems],
  ] as const)('see %s', (_what, right, wrong, check) => {
    expect(misspelt(PRODUCTION, right, wrong).flatMap(check)).not.toEqual([]);
  });

  it.each([
    ['a missing Secret', '"secretName":"quittance-sources"', '"secretName":"quittance-source"', referenceProblems],
    ['a missing ConfigMap', '{"name":"quittance-settings"}}', '{"name":"settings"}}', referenceProblems],
    ['a volume that is not there', '{"name":"spool","mountPath"', '{"name":"pool","mountPath"', referenceProblems],
    ['a label of nobody', '"values":["ingress","ops"]', '"values":["ingres","ops"]', selectorProblems],
    ['a port of nobody', '"targetPort":"receipts"', '"targetPort":"http"', portProblems],
    ['a probe of no port', '"port":"management"', '"port":"health"', portProblems],
    ['a variable that nobody reads', '"SPOOL_BYTES"', '"SPOOL_SIZE"', environmentProblems],
    ['a variable that is required', '"DATABASE_URL"', '"LOG_LEVEL"', environmentProblems],
    ['a folder that is not mounted', '"mountPath":"/var/lib/quittance', '"mountPath":"/var/spool', environmentProblems],
    ['a token', '"automountServiceAccountToken":false', '"automountServiceAccountToken":true', securityProblems],
    ['a limit of CPU', '"limits":{"memory"', '"limits":{"cpu":"1","memory"', securityProblems],
    ['too short an end', '"SHUTDOWN_GRACE":"180s"', '"SHUTDOWN_GRACE":"191s"', terminationProblems],
  ] as const)('see %s', (_what, right, wrong, check) => {
    expect(check(misspelt(PRODUCTION, right, wrong))).not.toEqual([]);
  });
});

describe('kustomizations', () => {
  const folders = filesBelow('k8s').filter((path) => posix.basename(path) === 'kustomization.yaml');

  it('name every manifest', () => {
    const named = folders.flatMap((path) => {
      const folder = posix.dirname(path);
      const { resources = [], patches = [], configMapGenerator = [] } = kustomization(folder);
      const files = configMapGenerator.flatMap(({ files: of = [], envs = [] }) => [...of, ...envs]);
      return [...resources, ...patches.flatMap((patch) => patch.path ?? []), ...files].map((file) =>
        posix.join(folder, file),
      );
    });
    const manifests = filesBelow('k8s').filter(
      (path) => /\.(?:yaml|env)$/.test(path) && !folders.includes(path) && !path.includes('/examples/'),
    );
    expect(manifests.filter((path) => !named.includes(path))).toEqual([]);
  });
});

describe('examples', () => {
  it.each(filesBelow('k8s/strimzi/examples'))('%s is what the schemas allow', (path) => {
    expect(schemaProblems(parse(textOf(path)) as Manifest)).toEqual([]);
  });
});
