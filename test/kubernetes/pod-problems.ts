import { parseDuration, VARIABLES } from '#runtime';
import { environmentOf } from './environment-problems.js';
import { isOurs, stages, workloads, type Manifest } from './manifest.js';

/** What must not be, and whether it is not. */
type Wishes = readonly (readonly [string, boolean])[];

/** What Pod Security `restricted` asks for, and what we ask for beyond it, as far as a workload lacks it. */
export function securityProblems(manifests: readonly Manifest[]): readonly string[] {
  return workloads(manifests).flatMap((workload) => {
    const { name, pod } = workload;
    const ours = isOurs(workload);
    const ofPod: Wishes = [
      ['a token of the API server', pod.automountServiceAccountToken === false],
      ['addresses of Services in its environment', pod.enableServiceLinks === false],
      ['root, or may be', pod.securityContext?.runAsNonRoot === true],
      ['another user than that of the image', !ours || pod.securityContext?.runAsUser === 10001],
      ['no seccomp profile', pod.securityContext?.seccompProfile?.type === 'RuntimeDefault'],
    ];
    const ofContainers = pod.containers.flatMap(({ securityContext, resources }): Wishes => [
      ['more privileges', securityContext?.allowPrivilegeEscalation === false],
      ['capabilities', securityContext?.capabilities?.drop?.includes('ALL') === true],
      ['a root file system that can be written', !ours || securityContext?.readOnlyRootFilesystem === true],
      ['no request of CPU', resources?.requests?.cpu !== undefined],
      ['no request of memory', resources?.requests?.memory !== undefined],
      ['no limit of memory', resources?.limits?.memory !== undefined],
      ['a limit of CPU, which throttles it', resources?.limits?.cpu === undefined],
    ]);
    return [...ofPod, ...ofContainers].filter(([, holds]) => !holds).map(([what]) => `${name} has ${what}`);
  });
}

/** Seconds beside the process's own time to stop, for what the node itself does. */
const MARGIN = 5;

/** Pods that would be killed before they have finished. */
export function terminationProblems(manifests: readonly Manifest[]): readonly string[] {
  const usual = VARIABLES.find(({ name }) => name === 'SHUTDOWN_GRACE')?.default ?? '';
  return stages(manifests).flatMap(({ name, pod }) =>
    pod.containers.flatMap((container) => {
      const grace = parseDuration(environmentOf(manifests, container).SHUTDOWN_GRACE ?? usual)! / 1000;
      const before = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
      const { terminationGracePeriodSeconds: given = 30 } = pod;
      const needed = before + grace + MARGIN;
      return given >= needed ? [] : [`${name} is killed after ${given} s and needs ${needed} s`];
    }),
  );
}
