import { describe, expect, it } from '@jest/globals';
import {
  forbiddenImports,
  importsBetweenProviders,
  importsPastAnIndex,
  kafkaClientOutsideItsLibrary,
  loadedWith,
  openTelemetryAtStart,
} from './import-rules.js';
import { partOf, sourceFile, sourceFiles, type SourceFile } from './source-tree.js';

const FILES = sourceFiles();
const APPS = ['ingress', 'normaliser', 'projector'];

/** Made-up files that break a rule, so that each rule is seen to bite. */
function planted(sources: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(sources).map(([path, text]) => sourceFile(path, text));
}

/** Made up here, because this file is looked at like any other. */
const importing = (target: string): string => `import {\n  a,\n} from '${target}';\n`;

describe('who may import whom', () => {
  it('every part keeps to its list', () => {
    expect(forbiddenImports(FILES)).toEqual([]);
  });

  it.each([
    ['an app another app', 'apps/ingress/src/a.ts', '../../projector/src/b.js'],
    ['a test of an app another app', 'apps/ingress/src/a.spec.ts', '../../projector/src/b.js'],
    ['the projector the providers', 'apps/projector/src/a.ts', '#providers'],
    ['the contracts anything of ours', 'libs/contracts/src/a.ts', '#kafka'],
    ['the providers Kafka', 'libs/providers/src/a.ts', '#kafka'],
    ['Kafka the runtime', 'libs/kafka/src/a.ts', '#runtime'],
    ['the runtime the providers', 'libs/runtime/src/a.ts', '#providers'],
    ['the simulator the contracts', 'apps/simulator/src/a.ts', '#contracts'],
    ['an app the tools of development', 'apps/ingress/src/a.ts', '../../../dev/ports.js'],
    ['an app that nobody has listed anything', 'apps/surprise/src/a.ts', '#contracts'],
  ])('%s: no', (_what, path, target) => {
    for (const text of [
      importing(target),
      importing(target).replace('import', 'import type'),
      importing(target).replace('import', 'export'),
      `import '${target}';`,
      `const { a } = await import('${target}');`,
      `const a = require("${target}");`,
    ]) {
      expect({ text, found: forbiddenImports(planted({ [path]: text })) }).toEqual({
        text,
        found: [expect.stringContaining(path)],
      });
    }
  });

  it('libraries are entered by their index only', () => {
    expect(importsPastAnIndex(FILES)).toEqual([]);
    const past = importing('../../libs/kafka/src/errors.js');
    expect(importsPastAnIndex(planted({ 'test/kafka/a.ts': past }))).toHaveLength(1);
  });

  it('no provider imports another', () => {
    expect(importsBetweenProviders(FILES)).toEqual([]);
    const other = importing('../alibaba/outcome.js');
    expect(importsBetweenProviders(planted({ 'libs/providers/src/tencent/a.ts': other }))).toHaveLength(1);
  });

  it('only libs/kafka loads the Kafka client, tests included', () => {
    expect(kafkaClientOutsideItsLibrary(FILES)).toEqual([]);
    expect(FILES.some(({ imports }) => imports.includes('kafkajs'))).toBe(true);
    for (const target of ['kafkajs', 'kafkajs/src/index']) {
      const path = 'test/system/a.e2e-spec.ts';
      expect(kafkaClientOutsideItsLibrary(planted({ [path]: importing(target) }))).toHaveLength(1);
    }
  });

  it('no process loads OpenTelemetry that was not told where spans go', () => {
    expect(openTelemetryAtStart(FILES)).toEqual([]);
    const path = 'libs/tracing/src/a.ts';
    for (const target of ['@opentelemetry/api', './open-telemetry.js']) {
      expect(openTelemetryAtStart(planted({ [path]: importing(target) }))).toEqual([path]);
      expect(openTelemetryAtStart(planted({ [path]: importing(target).replace('import', 'export') }))).toEqual([path]);
      expect(openTelemetryAtStart(planted({ [path]: importing(target).replace('import', 'import type') }))).toEqual([]);
      expect(openTelemetryAtStart(planted({ [path]: `const { a } = await import('${target}');` }))).toEqual([]);
    }
  });

  it('the projector does not load the providers, by whatever way', () => {
    const parts = new Set([...loadedWith('apps/projector', FILES)].map(partOf));
    expect(parts).toEqual(new Set(['apps/projector', 'libs/contracts', 'libs/kafka', 'libs/runtime', 'libs/tracing']));
    const byWayOf = planted({
      'apps/projector/src/a.ts': importing('./b.js'),
      'apps/projector/src/b.ts': importing('#runtime'),
      'libs/runtime/src/index.ts': importing('./d.js'),
      'libs/runtime/src/d.ts': importing('#providers'),
      'libs/providers/src/index.ts': '',
    });
    expect([...loadedWith('apps/projector', byWayOf)]).toContain('libs/providers/src/index.ts');
  });

  it('every library is needed by two apps at least', () => {
    const libraries = new Set(FILES.map(({ path }) => partOf(path)!).filter((part) => part.startsWith('libs/')));
    const users = [...libraries].map((library) => ({
      library,
      apps: APPS.filter((app) => [...loadedWith(`apps/${app}`, FILES)].some((path) => partOf(path) === library)).length,
    }));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter(({ apps }) => apps < 2)).toEqual([]);
  });
});
