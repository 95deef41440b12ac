import { has, workloads, type Container, type Labels, type Manifest, type Workload } from './manifest.js';

/** ConfigMaps, Secrets, ServiceAccounts that a pod needs and nobody makes. A Secret may be made of an ExternalSecret. */
export function referenceProblems(manifests: readonly Manifest[]): readonly string[] {
  const secret = (name: string): boolean => has(manifests, 'Secret', name) || has(manifests, 'ExternalSecret', name);
  const needs = (present: boolean, what: string): readonly string[] => (present ? [] : [what]);
  return workloads(manifests).flatMap(({ name, pod, claims }) => {
    const missing = [
      ...needs(
        pod.serviceAccountName === undefined || has(manifests, 'ServiceAccount', pod.serviceAccountName),
        `ServiceAccount ${pod.serviceAccountName}`,
      ),
      ...(pod.volumes ?? []).flatMap((volume) => [
        ...needs(
          volume.configMap === undefined || has(manifests, 'ConfigMap', volume.configMap.name),
          `ConfigMap ${volume.configMap?.name}`,
        ),
        ...needs(
          volume.secret === undefined || volume.secret.optional === true || secret(volume.secret.secretName),
          `Secret ${volume.secret?.secretName}`,
        ),
      ]),
      ...pod.containers.flatMap((container) => [
        ...(container.envFrom ?? []).flatMap(({ configMapRef, secretRef }) => [
          ...needs(
            configMapRef === undefined || has(manifests, 'ConfigMap', configMapRef.name),
            `ConfigMap ${configMapRef?.name}`,
          ),
          ...needs(secretRef === undefined || secret(secretRef.name), `Secret ${secretRef?.name}`),
        ]),
        ...(container.env ?? []).flatMap(({ valueFrom }) => {
          const { name: of = '', optional } = valueFrom?.secretKeyRef ?? {};
          return needs(of === '' || optional === true || secret(of), `Secret ${of}`);
        }),
        ...(container.volumeMounts ?? [])
          .filter(
            ({ name: of }) =>
              ![...(pod.volumes ?? []), ...claims.map(({ metadata }) => metadata)].some((volume) => volume.name === of),
          )
          .map(({ name: of }) => `volume ${of}`),
      ]),
    ];
    return missing.map((what) => `${name}: there is no ${what}`);
  });
}

interface Selecting {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly podSelector?: Selector;
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}

/** Objects that are there for pods which do not exist: a label that was misspelt selects nothing, in silence. */
export function selectorProblems(manifests: readonly Manifest[]): readonly string[] {
  const all = workloads(manifests);
  return manifests.flatMap(({ kind, metadata: { name }, spec }) => {
    const { selector, podSelector } = (spec ?? {}) as Selecting;
    const wanted: readonly Labels[] =
      kind === 'Service'
        ? [selector as Labels]
        : kind === 'NetworkPolicy'
          ? alternatives(podSelector!)
          : ['PodDisruptionBudget', 'PodMonitor', 'Deployment', 'StatefulSet'].includes(kind)
            ? [selector?.matchLabels ?? {}]
            : [];
    return wanted
      .filter((labels) => !all.some((workload) => carries(workload, labels)))
      .map((labels) => `${kind} ${name}: no pod has ${JSON.stringify(labels)}`);
  });
}

/** Each value that a selector lets pass, so that none of them may be misspelt. */
function alternatives({ matchLabels = {}, matchExpressions = [] }: Selector): readonly Labels[] {
  const each = matchExpressions.flatMap(({ key, values }) => values.map((value) => ({ ...matchLabels, [key]: value })));
  return each.length > 0 ? each : [matchLabels];
}

const carries = ({ labels }: Workload, wanted: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);

interface Ported {
  readonly selector?: Labels;
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly ports?: readonly { readonly name: string; readonly targetPort?: string | number }[];
  readonly ingress?: readonly { readonly ports?: readonly { readonly port: string | number }[] }[];
  readonly rules?: readonly { readonly http: { readonly paths: readonly { readonly backend: Backend }[] } }[];
  readonly podMetricsEndpoints?: readonly { readonly port: string }[];
}

interface Backend {
  readonly service: { readonly name: string; readonly port: { readonly name: string } };
}

/** Ports that are called by a name which none of the pods, or no Service, has. */
export function portProblems(manifests: readonly Manifest[]): readonly string[] {
  const all = workloads(manifests);
  const open = (labels: Labels): ReadonlySet<string> =>
    new Set(
      all
        .filter((workload) => carries(workload, labels))
        .flatMap(({ pod }) => pod.containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name))),
    );
  const servicePorts = (name: string): readonly string[] => {
    const service = manifests.find(({ kind, metadata }) => kind === 'Service' && metadata.name === name);
    return ((service?.spec ?? {}) as Ported).ports?.map((port) => port.name) ?? [];
  };
  const called = manifests.flatMap(({ kind, metadata: { name }, spec }) => {
    const { selector = {}, podSelector, ports = [], ingress = [], rules = [] } = (spec ?? {}) as Ported;
    const who = `${kind} ${name}`;
    if (kind === 'Service') {
      return ports.map(({ name: own, targetPort = own }) => [who, targetPort, open(selector).has(String(targetPort))]);
    }
    if (kind === 'NetworkPolicy') {
      const names = ingress.flatMap((rule) => rule.ports ?? []).map(({ port }) => port);
      return names.map((port) => [who, port, open(podSelector?.matchLabels ?? {}).has(String(port))]);
    }
    if (kind === 'Ingress') {
      const backends = rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service));
      return backends.map(({ name: of, port }) => [who, port.name, servicePorts(of).includes(port.name)]);
    }
    return [];
  });
  const probed = all.flatMap(({ name, pod }) =>
    pod.containers.flatMap((container) =>
      probes(container).map((port) => [name, port, container.ports?.some((own) => own.name === port)]),
    ),
  );
  return [...called, ...probed].filter(([, , known]) => known !== true).map(([who, port]) => `${who}: no port ${port}`);
}

function probes({ startupProbe, livenessProbe, readinessProbe }: Container): readonly string[] {
  return [startupProbe, livenessProbe, readinessProbe].flatMap((probe) => probe?.httpGet?.port ?? []);
}
