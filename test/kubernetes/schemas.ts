import { Ajv } from 'ajv';
import { textOf } from '../architecture/source-tree.js';
import type { Manifest } from './manifest.js';

const ajv = new Ajv({ allErrors: true, strict: false, validateSchema: false });
ajv.addSchema(JSON.parse(textOf('k8s/schemas/kinds.json')) as object, 'kinds');

/** What an API server would refuse of a manifest: unknown fields, wrong types, missing ones. Empty: nothing. */
export function schemaProblems(manifest: Manifest): readonly string[] {
  const { apiVersion, kind, metadata } = manifest;
  const validate = ajv.getSchema(`kinds#/kinds/${`${apiVersion} ${kind}`.replaceAll('/', '~1')}`);
  if (validate === undefined) return [`${apiVersion} ${kind}: no schema: add it to k8s/schemas/gather.mjs`];
  void validate(manifest);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${kind} ${metadata.name}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
