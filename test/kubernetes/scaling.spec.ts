import { describe, expect, it } from '@jest/globals';
import { consumerGroup, topicNames, TOPICS } from '#contracts';
import { parseDuration } from '#runtime';
import { environmentOf } from './environment-problems.js';
import { stageOf, stages, workloads } from './manifest.js';
import { render } from './render.js';

const PRODUCTION = render('k8s/overlays/production');
const PREFIX = 'quittance.';
const SETTINGS = PRODUCTION.find(({ metadata }) => metadata.name === 'quittance-settings')!.data!;

interface ScaledObject {
  readonly scaleTargetRef: { readonly name: string; readonly kind?: string };
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly triggers: readonly { readonly type: string; readonly metadata: Readonly<Record<string, string>> }[];
}

const scaled = (name: string, manifests = PRODUCTION): ScaledObject =>
  manifests.find(({ kind, metadata }) => kind === 'ScaledObject' && metadata.name === name)!.spec as ScaledObject;

const partitionsOf = (topic: string): number =>
  TOPICS.find(({ name }) => topicNames(PREFIX)[name] === topic)?.partitions ?? 0;

describe('KEDA', () => {
  it.each([
    ['normaliser', ['raw-receipts.v1', 'submissions.v1']],
    ['projector', ['events.v1']],
  ] as const)('scales the %s by what its own group has before it', (stage, topics) => {
    const { scaleTargetRef, triggers, minReplicaCount, maxReplicaCount } = scaled(`quittance-${stage}`);
    expect(workloads(PRODUCTION).map(({ name }) => name)).toContain(scaleTargetRef.name);
    expect(triggers.map(({ metadata }) => metadata.topic)).toEqual(topics.map((topic) => topicNames(PREFIX)[topic]));
    for (const { metadata } of triggers) {
      expect(metadata.consumerGroup).toBe(consumerGroup(PREFIX, stage));
      expect(metadata.bootstrapServers).toBe(SETTINGS.KAFKA_BROKERS);
      // KEDA's own default is too old for brokers of today.
      expect(metadata.version).toMatch(/^[3-9]\./);
      // "Latest" would take a group without offsets for one that has nothing to do.
      expect(metadata.offsetResetPolicy).toBe('earliest');
    }
    expect(minReplicaCount).toBeGreaterThanOrEqual(2);
    // One more than there are partitions would have nothing to do.
    expect(maxReplicaCount).toBeLessThanOrEqual(partitionsOf(topicNames(PREFIX)[topics[0]]));
  });

  it('is alone in saying how many: no number is applied beside it', () => {
    const numbers = PRODUCTION.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind)).map(
      ({ spec }) => (spec as { replicas?: number }).replicas,
    );
    expect(numbers).toEqual([undefined, undefined, undefined]);
    expect(PRODUCTION.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')).toEqual([]);
  });
});

describe('the ingress', () => {
  const ingress = stages(PRODUCTION).find((workload) => stageOf(workload) === 'ingress')!;
  const [container] = ingress.pod.containers;
  const variables = environmentOf(PRODUCTION, container!);
  const spoolBytes = Number(variables.SPOOL_BYTES);

  it('has a volume of its own, twice as large as its spool may grow', () => {
    const claim = ingress.claims.find(({ metadata }) => metadata.name === 'spool')!;
    const gibibytes = Number(/^(\d+)Gi$/.exec(claim.spec.resources.requests.storage)![1]);
    expect(gibibytes * 2 ** 30).toBeGreaterThanOrEqual(2 * spoolBytes);
    expect(variables.SPOOL_DIRECTORY).toBe(
      container!.volumeMounts!.find(({ name }) => name === claim.metadata.name)!.mountPath,
    );
  });

  it('keeps the volume of a pod that is scaled away', () => {
    const { spec } = PRODUCTION.find(({ kind }) => kind === 'StatefulSet')!;
    expect(spec).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenScaled: 'Retain', whenDeleted: 'Retain' },
    });
  });

  it('has time to drain a full spool when it stops', () => {
    // docs/spool.md: 700,000 reports a GiB, 10,000 a second for sure, in 0.4 of the time to stop.
    const seconds = (parseDuration(variables.SHUTDOWN_GRACE!)! / 1000) * 0.4;
    expect(seconds * 10_000).toBeGreaterThanOrEqual((700_000 * spoolBytes) / 2 ** 30);
  });

  it('is reached for a while after it was told to stop', () => {
    expect(container!.lifecycle?.preStop?.sleep?.seconds).toBeGreaterThan(0);
  });

  it('is not scaled in by CPU alone', () => {
    const autoscaler = render('k8s/base').find(({ kind }) => kind === 'HorizontalPodAutoscaler')!;
    expect(autoscaler.spec).toMatchObject({ behavior: { scaleDown: { selectPolicy: 'Disabled' } } });
    const guard = scaled('quittance-ingress').triggers.find(({ type }) => type === 'prometheus')!.metadata;
    expect(guard.query).toContain('quittance_spool_receipts');
    expect(guard.ignoreNullValues).toBe('false');
  });

  it.each(['quittance', 'elsewhere'])('asks for its own spools where it runs in the namespace %s', (namespace) => {
    const guard = scaled('quittance-ingress', render('k8s/overlays/production', { namespace })).triggers.at(-1)!;
    const asked = [...guard.metadata.query!.matchAll(/quittance_spool_receipts(\{[^}]*\})?/g)].map(
      ([, labels]) => labels,
    );
    expect(asked).toEqual([`{namespace="${namespace}"}`, `{namespace="${namespace}"}`]);
  });
});

it('a release goes from topics and tables to the stages, in the order of what depends on what', () => {
  const wave = (name: string): number =>
    Number(
      workloads(PRODUCTION).find((workload) => workload.name === name)!.annotations['argocd.argoproj.io/sync-wave'],
    );
  expect(wave('quittance-topics')).toBe(wave('quittance-migration'));
  expect(wave('quittance-migration')).toBeLessThan(wave('quittance-ingress'));
  expect(wave('quittance-ingress')).toBeLessThan(wave('quittance-normaliser'));
  expect(wave('quittance-normaliser')).toBeLessThan(wave('quittance-projector'));
});
