const STAGES = ['ingress', 'normaliser', 'projector'] as const;

export type Stage = (typeof STAGES)[number];

/** A manifest, as far as the tests look into it; that it is one is for the schemas to say. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Readonly<Record<string, string>>;
}

export type Labels = Readonly<Record<string, string>>;

/** What runs pods, and the pods that it runs. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Of its pods. */
  readonly labels: Labels;
  readonly pod: PodSpec;
  readonly claims: readonly VolumeClaim[];
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: SecurityContext;
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type: string };
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[] };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly envFrom?: readonly { readonly configMapRef?: Named; readonly secretRef?: Named }[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: Named & { readonly key: string; readonly optional?: boolean } };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: SecurityContext;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
}

interface Named {
  readonly name: string;
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
}

export interface Volume {
  readonly name: string;
  readonly configMap?: Named;
  readonly secret?: { readonly secretName: string; readonly optional?: boolean };
}

export interface VolumeClaim {
  readonly metadata: Named;
  readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

interface PodTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly spec: PodSpec;
}

interface Templated {
  readonly template?: PodTemplate;
  readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
  readonly volumeClaimTemplates?: readonly VolumeClaim[];
}

/** What runs pods among manifests: Deployments, StatefulSets, Jobs, CronJobs. */
export function workloads(manifests: readonly Manifest[]): readonly Workload[] {
  return manifests.flatMap(({ kind, metadata, spec }) => {
    const { template, jobTemplate, volumeClaimTemplates = [] } = (spec ?? {}) as Templated;
    const pods = template ?? jobTemplate?.spec.template;
    if (pods === undefined) return [];
    const { name, annotations = {} } = metadata;
    return [{ kind, name, annotations, labels: pods.metadata.labels, pod: pods.spec, claims: volumeClaimTemplates }];
  });
}

/** Whether it runs our image, and so is one of ours. */
export function isOurs({ pod }: Workload): boolean {
  return pod.containers.every(({ image }) => /(?:^|\/)quittance:/.test(image));
}

/** The stage that a workload runs; null: none of the three. */
export function stageOf({ labels }: Workload): Stage | null {
  return STAGES.find((stage) => stage === labels['app.kubernetes.io/component']) ?? null;
}

/** The three that run all the time. */
export function stages(manifests: readonly Manifest[]): readonly Workload[] {
  return workloads(manifests).filter((workload) => stageOf(workload) !== null);
}

/** Whether an object is there. */
export function has(manifests: readonly Manifest[], kind: string, name: string): boolean {
  return manifests.some((manifest) => manifest.kind === kind && manifest.metadata.name === name);
}
