// Gathers the schemas that the manifests are checked against, from what their projects publish:
//   node k8s/schemas/gather.mjs <api/openapi-spec/v3 of kubernetes> <file of a CustomResourceDefinition>…
// What only people read is left out, unknown fields are forbidden, and only the kinds stay that are used here.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const KINDS = [
  'v1 ConfigMap',
  'v1 Namespace',
  'v1 Secret',
  'v1 Service',
  'v1 ServiceAccount',
  'apps/v1 Deployment',
  'apps/v1 StatefulSet',
  'autoscaling/v2 HorizontalPodAutoscaler',
  'batch/v1 CronJob',
  'batch/v1 Job',
  'networking.k8s.io/v1 Ingress',
  'networking.k8s.io/v1 NetworkPolicy',
  'policy/v1 PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1 Role',
  'rbac.authorization.k8s.io/v1 RoleBinding',
];
/** Of a store's forty kinds of vault only the one that is used here. */
const ONLY = { 'external-secrets.io/v1 SecretStore': ['kubernetes'] };
const REFERENCE = '#/components/schemas/';

const [folder, ...resources] = process.argv.slice(2);
const kinds = {};
const definitions = {};

const published = {};
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  Object.assign(published, JSON.parse(readFileSync(join(folder, file), 'utf8')).components?.schemas);
}
for (const [name, schema] of Object.entries(published)) {
  for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? []) {
    const key = `${group === '' ? '' : `${group}/`}${version} ${kind}`;
    if (KINDS.includes(key)) kinds[key] = define(name);
  }
}
for (const file of resources) {
  const { spec } = parse(readFileSync(file, 'utf8'));
  const { name: version, schema } = spec.versions.find(({ storage }) => storage);
  const key = `${spec.group}/${version} ${spec.names.kind}`;
  const properties = without(['status'], schema.openAPIV3Schema.properties);
  if (key in ONLY) {
    const { provider } = properties.spec.properties;
    provider.properties = Object.fromEntries(ONLY[key].map((name) => [name, provider.properties[name]]));
  }
  kinds[key] = strict({ ...schema.openAPIV3Schema, properties: { ...properties, metadata: {} } });
}

/** A published type, and what it is made of, as definitions. */
function define(name) {
  const found = { $ref: `#/definitions/${name}` };
  if (name in definitions) return found;
  definitions[name] = {};
  const { properties } = published[name];
  definitions[name] = strict({
    ...published[name],
    ...(properties && { properties: without(['status', 'managedFields'], properties) }),
  });
  return found;
}

function without(names, fields) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** What a validator needs of a schema; no field but those that it names. */
function strict(schema) {
  const { $ref, allOf, type, enum: values, items, properties, required, additionalProperties } = schema;
  if ($ref) return define($ref.slice(REFERENCE.length));
  if (allOf?.length === 1 && allOf[0].$ref) return strict(allOf[0]);
  if (schema.oneOf ?? schema.anyOf ?? schema['x-kubernetes-int-or-string']) return { type: ['string', 'number'] };
  const open = schema['x-kubernetes-preserve-unknown-fields'] || (type === 'object' && !properties);
  const fields = Object.entries(properties ?? {}).map(([name, field]) => [name, strict(field)]);
  return {
    ...(type && { type }),
    ...(values && { enum: values }),
    ...(items && { items: strict(items) }),
    ...(properties && { properties: Object.fromEntries(fields) }),
    ...(required && { required }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: strict(additionalProperties) }),
    ...(properties && !open && !additionalProperties && { additionalProperties: false }),
  };
}

/** A line each, so that differences can be read. */
const lines = (entries) =>
  Object.keys(entries)
    .sort()
    .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(entries[name])}`)
    .join(',\n');
writeFileSync(
  join(import.meta.dirname, 'kinds.json'),
  `{\n"kinds": {\n${lines(kinds)}\n},\n"definitions": {\n${lines(definitions)}\n}\n}\n`,
);
