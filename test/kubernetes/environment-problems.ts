import { VARIABLES, type Role } from '#runtime';
import { isOurs, workloads, type Container, type Manifest } from './manifest.js';

/** What the container of an entry point reads its environment as; the simulator has an environment of its own. */
const ROLES: Readonly<Record<string, Role>> = {
  ingress: 'ingress',
  normaliser: 'normaliser',
  projector: 'projector',
  'set-up-topics': 'topics',
  migrate: 'migration',
  ops: 'tool',
};

const roleOf = ({ args = [] }: Container): Role | undefined => ROLES[args[0] ?? ''];

const dataOf = (manifests: readonly Manifest[], name: string): Readonly<Record<string, string>> =>
  manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.data ?? {};

/** The variables of a container as it is started, values of Secrets left out. An empty one counts as unset. */
export function environmentOf(manifests: readonly Manifest[], container: Container): Readonly<Record<string, string>> {
  const settings = (container.envFrom ?? []).map(({ configMapRef }) => dataOf(manifests, configMapRef?.name ?? ''));
  const own = Object.fromEntries((container.env ?? []).map(({ name, value = '…' }) => [name, value]));
  const all = Object.assign({}, ...settings, own) as Record<string, string>;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** Variables that nobody reads, that the process lacks, and files that it is told of and has not. */
export function environmentProblems(manifests: readonly Manifest[]): readonly string[] {
  const known = new Set(VARIABLES.map(({ name }) => name));
  return workloads(manifests)
    .filter(isOurs)
    .flatMap(({ name, pod }) =>
      pod.containers.flatMap((container) => {
        const role = roleOf(container);
        if (role === undefined) return [];
        const variables = environmentOf(manifests, container);
        const mounts = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
        const unknown = Object.keys(variables).filter((variable) => !known.has(variable));
        const lacking = VARIABLES.filter(({ requiredBy }) => requiredBy.includes(role))
          .map((variable) => variable.name)
          .filter((variable) => variables[variable] === undefined);
        const read = VARIABLES.filter(({ roles }) => roles.includes(role)).map((variable) => variable.name);
        const nowhere = read.filter((variable) => {
          const path = variables[variable];
          return path?.startsWith('/') === true && !mounts.some((mount) => `${path}/`.startsWith(`${mount}/`));
        });
        return [
          ...unknown.map((variable) => `${name}: nobody reads ${variable}`),
          ...lacking.map((variable) => `${name}: ${variable} is not set`),
          ...nowhere.map((variable) => `${name}: ${variable} names a place that is not mounted`),
        ];
      }),
    );
}
