import { isTest, partOf, type SourceFile } from './source-tree.js';

/** What each part may import of ours, beside itself. docs/architecture.md gives the reasons. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'libs/contracts': [],
  'libs/providers': ['libs/contracts'],
  'libs/kafka': ['libs/contracts'],
  'libs/runtime': ['libs/contracts'],
  'libs/tracing': ['libs/contracts', 'libs/kafka'],
  'apps/ingress': ['libs/contracts', 'libs/kafka', 'libs/providers', 'libs/runtime', 'libs/tracing'],
  'apps/normaliser': ['libs/contracts', 'libs/kafka', 'libs/providers', 'libs/runtime', 'libs/tracing'],
  'apps/projector': ['libs/contracts', 'libs/kafka', 'libs/runtime', 'libs/tracing'],
  'apps/simulator': [],
  dev: ['libs/contracts', 'libs/kafka', 'libs/runtime'],
};

/** Where a test may reach beyond what its part may import. */
const FOR_TESTS = ['test', 'dev'];

/** Imports between parts that `MAY_IMPORT` does not allow. A part that is not listed (`test`, `bench`) is free. */
export function forbiddenImports(files: readonly SourceFile[]): string[] {
  return found(files, (path, target) => {
    const part = partOf(path)!;
    const wanted = partOf(target);
    if (wanted === null || wanted === part) return false;
    if (isTest(path) && FOR_TESTS.includes(wanted)) return false;
    const allowed = MAY_IMPORT[part];
    return allowed === undefined ? isUnlisted(part) : !allowed.includes(wanted);
  });
}

/** A new app or library has to be written into the list. */
function isUnlisted(part: string): boolean {
  return part.startsWith('apps/') || part.startsWith('libs/');
}

/**
 * Libraries that are entered otherwise than through `#name`, and so past their index.ts. What they have for tests is in
 * no index, where production would load it.
 */
export function importsPastAnIndex(files: readonly SourceFile[]): string[] {
  return found(
    files,
    (path, target) =>
      target.startsWith('libs/') &&
      partOf(target) !== partOf(path) &&
      !(isTest(path) && isTest(target.replace(/\.js$/, '.ts'))),
  );
}

const PROVIDER = /^libs\/providers\/src\/([^/]+)\//;

/** Providers that know of each other. */
export function importsBetweenProviders(files: readonly SourceFile[]): string[] {
  return found(files, (path, target) => {
    const [, own] = PROVIDER.exec(path) ?? [];
    const [, other] = PROVIDER.exec(target) ?? [];
    return own !== undefined && other !== undefined && own !== other;
  });
}

/** Whoever loads the Kafka client, and is not the library that keeps it. */
export function kafkaClientOutsideItsLibrary(files: readonly SourceFile[]): string[] {
  return found(
    files,
    (path, target) => partOf(path) !== 'libs/kafka' && (target === 'kafkajs' || target.startsWith('kafkajs/')),
  );
}

/** Brings in OpenTelemetry at run time, by itself or by way of the file that does. */
const LOADS_OPEN_TELEMETRY =
  /^(?:import|export) (?!type\b)[^;]*?['"](?:@opentelemetry\/|[./]+\/(?:open-telemetry|told-exporter)\.js)/m;

/** The files that are there for it. */
const OPEN_TELEMETRY = ['libs/tracing/src/open-telemetry.ts', 'libs/tracing/src/told-exporter.ts'];

/** Files of ours that load OpenTelemetry as soon as they are loaded; those that are there for it left out. */
export function openTelemetryAtStart(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => !isTest(path) && !OPEN_TELEMETRY.includes(path))
    .filter(({ text }) => LOADS_OPEN_TELEMETRY.test(text))
    .map(({ path }) => path);
}

/** Everything of ours that is loaded when the files of one part are, by path; tests left out. */
export function loadedWith(part: string, files: readonly SourceFile[]): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const loaded = new Set<string>();
  const waiting = files.filter(({ path }) => partOf(path) === part && !isTest(path)).map(({ path }) => path);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    for (const target of byPath.get(path)?.imports ?? []) {
      if (partOf(target) !== null) waiting.push(fileOf(target));
    }
  }
  return loaded;
}

function fileOf(target: string): string {
  return target.startsWith('#') ? `libs/${target.slice(1)}/src/index.ts` : target.replace(/\.js$/, '.ts');
}

function found(files: readonly SourceFile[], isWrong: (path: string, target: string) => boolean): string[] {
  return files.flatMap(({ path, imports }) =>
    imports.filter((target) => isWrong(path, target)).map((target) => `${path} imports ${target}`),
  );
}
