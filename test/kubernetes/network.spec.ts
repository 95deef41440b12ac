import { expect, it } from '@jest/globals';
import { render } from './render.js';

interface Policy {
  readonly podSelector: object;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly {
    readonly from?: readonly Peer[];
    readonly ports?: readonly { readonly port: string | number }[];
  }[];
  readonly egress?: readonly { readonly to: readonly Peer[]; readonly ports: readonly { readonly port: unknown }[] }[];
}

interface Peer {
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
}

const ANYBODY: Peer = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'anybody' } } };

function policies(folder: string): readonly Policy[] {
  return render(folder).flatMap(({ kind, spec }) => (kind === 'NetworkPolicy' ? [spec as Policy] : []));
}

/** Which ports are open, and to which namespaces. */
function openPorts(folder: string): readonly string[] {
  const rules = policies(folder).flatMap(({ ingress = [] }) => ingress);
  return rules
    .flatMap(({ from = [ANYBODY], ports = [{ port: 'every port' }] }) =>
      from.flatMap(({ namespaceSelector }) => {
        const namespace = namespaceSelector?.matchLabels['kubernetes.io/metadata.name'];
        return ports.map(({ port }) => `${port} to ${namespace}`);
      }),
    )
    .sort();
}

it('nothing comes in or goes out that is not named', () => {
  expect(policies('k8s/base')).toContainEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  expect(openPorts('k8s/base')).toEqual(['management to monitoring']);
});

it('the public port, and no other, is open to what is in front of it', () => {
  expect(openPorts('k8s/overlays/production')).toEqual(['management to monitoring', 'receipts to anybody']);
  expect(openPorts('test/kubernetes/fixtures/ingress-nginx')).toEqual([
    'management to monitoring',
    'receipts to ingress-nginx',
  ]);
});

it("operators' commands reach the public door also where its address is turned into that of a pod", () => {
  const ofOps = (folder: string) =>
    policies(folder)
      .filter(({ podSelector }) => JSON.stringify(podSelector).includes('"app.kubernetes.io/component":"ops"'))
      .flatMap(({ egress = [] }) => egress);
  expect(ofOps('k8s/overlays/production')).toEqual([
    {
      to: [{ podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'ingress' }) } }],
      ports: [{ port: 'receipts' }],
    },
  ]);
  expect(ofOps('test/kubernetes/fixtures/ingress-nginx')).toEqual([
    {
      to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }],
      ports: [{ port: 443 }],
    },
  ]);
});

it("Kafka's secrets may be read from the namespace that production runs in", () => {
  const { subjects } = render('k8s/strimzi').find(({ kind }) => kind === 'RoleBinding')! as unknown as {
    readonly subjects: readonly { readonly name: string; readonly namespace: string }[];
  };
  const accounts = render('k8s/overlays/production').filter(({ kind }) => kind === 'ServiceAccount');
  for (const { name, namespace } of subjects) {
    expect(accounts.map(({ metadata }) => metadata)).toContainEqual(expect.objectContaining({ name, namespace }));
  }
});
