import { expect, it } from '@jest/globals';
import type { Manifest } from './manifest.js';
import { render } from './render.js';

const PRODUCTION = render('k8s/overlays/production');

interface Policy {
  readonly podSelector: object;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly {
    readonly from?: readonly {
      readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
    }[];
    readonly ports?: readonly { readonly port: string | number }[];
  }[];
  readonly egress?: readonly object[];
}

const policies = PRODUCTION.filter(({ kind }) => kind === 'NetworkPolicy') as readonly (Manifest & { spec: Policy })[];

it('nothing comes in or goes out that is not named', () => {
  expect(policies.map(({ spec }) => spec)).toContainEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
});

it('each port is open to one namespace: receipts to the controller, management to the monitoring', () => {
  const open = policies.flatMap(({ spec }) =>
    (spec.ingress ?? []).flatMap(({ from = [{}], ports = [{ port: 'all' }] }) =>
      from.flatMap(({ namespaceSelector }) =>
        ports.map(({ port }) => `${port} ${namespaceSelector?.matchLabels['kubernetes.io/metadata.name']}`),
      ),
    ),
  );
  expect(open.sort()).toEqual(['management monitoring', 'receipts ingress-nginx']);
});
