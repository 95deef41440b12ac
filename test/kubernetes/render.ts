import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { ROOT, textOf } from '../architecture/source-tree.js';
import type { Manifest } from './manifest.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = Record<string, Json>;

interface Generator {
  readonly name: string;
  readonly behavior?: 'merge';
  readonly envs?: readonly string[];
  readonly files?: readonly string[];
  readonly literals?: readonly string[];
}

interface Patch {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: { readonly kind: string; readonly name: string };
}

interface Replacement {
  readonly source: { readonly kind: string; readonly fieldPath: string };
  readonly targets: readonly {
    readonly select: { readonly kind: string; readonly name: string };
    readonly fieldPaths: readonly string[];
    readonly options: { readonly delimiter: string; readonly index: number };
  }[];
}

interface Kustomization {
  readonly namespace?: string;
  readonly labels?: readonly { readonly pairs: Readonly<Record<string, string>> }[];
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly images?: readonly { readonly name: string; readonly newName?: string; readonly newTag?: string }[];
  readonly configMapGenerator?: readonly Generator[];
  readonly secretGenerator?: readonly Generator[];
  readonly patches?: readonly Patch[];
  readonly replacements?: readonly Replacement[];
}

/** What our kustomizations use; a word that is not among these is not passed over. */
const UNDERSTOOD = new Set([
  ...['apiVersion', 'kind', 'namespace', 'labels', 'resources', 'components', 'images', 'patches'],
  ...['configMapGenerator', 'secretGenerator', 'replacements'],
]);

/** A kustomization as it is written. */
export function kustomization(folder: string): Kustomization {
  const read = parse(textOf(posix.join(folder, 'kustomization.yaml'))) as Kustomization;
  const unknown = Object.keys(read).filter((key) => !UNDERSTOOD.has(key));
  if (unknown.length > 0) throw new Error(`${folder}: ${unknown.join(', ')}: teach test/kubernetes/render.ts first`);
  return read;
}

/**
 * What `kustomize build` makes of a folder, but for the hashes in names of generated objects: as much of it as our
 * kustomizations use, so that the tests need nothing that is not installed. `k8s/validate.sh` asks kustomize itself.
 * @param changed what somebody has written differently into his copy of the folder's own kustomization
 */
export function render(folder: string, changed: Pick<Kustomization, 'namespace'> = {}): readonly Manifest[] {
  return build(folder, [], changed) as unknown as readonly Manifest[];
}

function build(
  folder: string,
  given: readonly Fields[],
  changed: Pick<Kustomization, 'namespace'> = {},
): readonly Fields[] {
  const {
    namespace,
    labels = [],
    resources = [],
    components = [],
    images = [],
    configMapGenerator = [],
    secretGenerator = [],
    patches = [],
    replacements = [],
  } = { ...kustomization(folder), ...changed };
  let objects = [...given, ...resources.flatMap((path) => objectsAt(posix.join(folder, path)))];
  for (const path of components) objects = [...build(posix.join(folder, path), objects)];
  for (const generator of configMapGenerator) objects = generate(objects, 'ConfigMap', 'data', folder, generator);
  for (const generator of secretGenerator) objects = generate(objects, 'Secret', 'stringData', folder, generator);
  for (const patch of patches) objects = patched(objects, folder, patch);
  for (const { pairs } of labels) objects = objects.map((object) => merge(object, { metadata: { labels: pairs } }));
  for (const image of images) objects = objects.map((object) => withImage(object, image) as Fields);
  if (namespace !== undefined) objects = objects.map((object) => inNamespace(object, namespace));
  for (const replacement of replacements) objects = replaced(objects, folder, replacement);
  return objects;
}

function objectsAt(path: string): readonly Fields[] {
  if (!existsSync(join(ROOT, path))) throw new Error(`${path} is named by a kustomization and is not there`);
  if (statSync(join(ROOT, path)).isDirectory()) return build(path, []);
  return parseAllDocuments(textOf(path)).map((document) => document.toJS() as Fields);
}

function generate(
  objects: readonly Fields[],
  kind: string,
  member: string,
  folder: string,
  { name, behavior, envs = [], files = [], literals = [] }: Generator,
): Fields[] {
  const lines = envs.flatMap((file) => textOf(posix.join(folder, file)).split('\n'));
  const pairs = [...lines.filter((line) => line.trim() !== '' && !line.startsWith('#')), ...literals].map(
    (line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const,
  );
  const whole = files.map((file) => [posix.basename(file), textOf(posix.join(folder, file))] as const);
  const made = { apiVersion: 'v1', kind, metadata: { name }, [member]: Object.fromEntries([...pairs, ...whole]) };
  const isThere = objects.some((object) => isNamed(object, kind, name));
  if (isThere !== (behavior === 'merge')) throw new Error(`${folder}: ${kind} ${name} is there twice, or not to merge`);
  return isThere
    ? objects.map((object) => (isNamed(object, kind, name) ? merge(object, made) : object))
    : [...objects, made];
}

function patched(objects: readonly Fields[], folder: string, { path, patch, target }: Patch): Fields[] {
  const change = parse(path === undefined ? patch! : textOf(posix.join(folder, path))) as Json;
  const [kind, name] = target
    ? [target.kind, target.name]
    : [(change as Fields).kind as string, (change as { metadata: { name: string } }).metadata.name];
  const isMeant = (object: Fields): boolean => isNamed(object, kind, new RegExp(`^(?:${name})$`));
  if (!objects.some(isMeant)) throw new Error(`${folder}: a patch for ${kind} ${name} meets nothing`);
  if (Array.isArray(change)) {
    return objects.map((object) => (isMeant(object) ? change.reduce<Json>(stepped, object) : object) as Fields);
  }
  if ((change as Fields).$patch === 'delete') return objects.filter((object) => !isMeant(object));
  return objects.map((object) => (isMeant(object) ? merge(object, change as Fields) : object));
}

function isNamed(object: Fields, kind: string, name: string | RegExp): boolean {
  const { name: own } = object.metadata as { name: string };
  return object.kind === kind && (typeof name === 'string' ? own === name : name.test(own));
}

/** One step of a JSON patch: `replace` only. */
function stepped(object: Json, step: Json): Json {
  const { op, path, value } = step as { op: string; path: string; value: Json };
  if (op !== 'replace') throw new Error(`a JSON patch with ${op}: teach test/kubernetes/render.ts first`);
  const [, ...keys] = path.split('/');
  return changedAt(object, keys, () => value);
}

/** A part of one object put into others, between the delimiters of a text. */
function replaced(objects: readonly Fields[], folder: string, { source, targets }: Replacement): Fields[] {
  const sources = objects.filter(({ kind }) => kind === source.kind);
  if (sources.length !== 1) throw new Error(`${folder}: ${source.kind} is no single source of a replacement`);
  let value: Json = sources[0]!;
  for (const key of source.fieldPath.split('.')) value = (value as Fields)[key]!;
  return targets.reduce<Fields[]>(
    (all, { select, fieldPaths, options: { delimiter, index } }) => {
      if (!all.some((object) => isNamed(object, select.kind, select.name))) {
        throw new Error(`${folder}: a replacement for ${select.kind} ${select.name} meets nothing`);
      }
      const withValue = (text: Json): Json =>
        (text as string)
          .split(delimiter)
          .with(index, value as string)
          .join(delimiter);
      return all.map((object) =>
        isNamed(object, select.kind, select.name)
          ? fieldPaths.reduce((changed, path) => changedAt(changed, path.split('.'), withValue) as Fields, object)
          : object,
      );
    },
    [...objects],
  );
}

/** @param keys of an item of a list: its index, or `[key=value]` */
function changedAt(at: Json, [key, ...rest]: readonly string[], change: (before: Json) => Json): Json {
  if (key === undefined) return change(at);
  if (Array.isArray(at)) {
    const [, name, value] = /^\[(\w+)=(.*)\]$/.exec(key) ?? [];
    const isMeant = (item: Json, index: number): boolean =>
      name === undefined ? index === Number(key) : (item as Fields)[name] === value;
    if (!at.some(isMeant)) throw new Error(`${key} is not there to be replaced`);
    return at.map((item, index) => (isMeant(item, index) ? changedAt(item, rest, change) : item));
  }
  if (at === null || typeof at !== 'object' || !(key in at)) throw new Error(`${key} is not there to be replaced`);
  return { ...at, [key]: changedAt(at[key]!, rest, change) };
}

/** Lists of which a patch names an item by this key; all others are replaced whole. */
const MERGED_BY: Readonly<Record<string, string>> = {
  containers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
};

/** A strategic merge patch: null removes, objects are merged, and so are the lists above. */
function merge(object: Fields, change: Readonly<Fields>): Fields {
  const kept = Object.entries(object).filter(([key]) => change[key] !== null);
  const merged: Fields = Object.fromEntries(kept);
  for (const [key, value] of Object.entries(change)) {
    const before = merged[key];
    const identity = MERGED_BY[key];
    if (value === null) continue;
    if (Array.isArray(value)) {
      merged[key] = identity !== undefined && Array.isArray(before) ? mergeLists(before, value, identity) : value;
    } else if (isFields(value) && isFields(before)) {
      merged[key] = merge(before, value);
    } else merged[key] = value;
  }
  return merged;
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mergeLists(before: readonly Json[], changes: readonly Json[], identity: string): Json[] {
  const idOf = (item: Json): Json | undefined => (item as Fields)[identity];
  const merged = before.map((item) => {
    const change = changes.find((candidate) => idOf(candidate) === idOf(item));
    return change === undefined ? item : merge(item as Fields, change as Fields);
  });
  return [...changes.filter((change) => !before.some((item) => idOf(item) === idOf(change))), ...merged];
}

function withImage(value: Json, image: NonNullable<Kustomization['images']>[number]): Json {
  if (Array.isArray(value)) return value.map((item) => withImage(item, image));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) =>
      key === 'image' && field === image.name
        ? [key, `${image.newName ?? image.name}:${image.newTag}`]
        : [key, withImage(field, image)],
    ),
  );
}

function inNamespace(object: Fields, namespace: string): Fields {
  return merge(object, { metadata: object.kind === 'Namespace' ? { name: namespace } : { namespace } });
}
