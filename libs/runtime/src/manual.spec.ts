import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { getMetadataStorage } from 'class-validator';
import { settingsOf } from './configuration/setting.js';
import * as settings from './configuration/settings.js';
import { filledManual, SHAPES } from './manual-for-tests.js';

const MANUAL = new URL('../../../docs/configuration.md', import.meta.url);

describe('docs/configuration.md', () => {
  it('says of every variable and setting what the classes say', () => {
    const page = readFileSync(MANUAL, 'utf8');
    const current = filledManual(page);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(MANUAL, current);
    expect(process.env.UPDATE_GOLDEN === '1' ? current : page).toBe(current);
  });

  it('has a place for every class of quittance.yaml, whose every setting says what it means', () => {
    const shapes = Object.values(settings).filter((value) => typeof value === 'function');
    expect(new Set(Object.values(SHAPES))).toEqual(new Set(shapes));
    for (const shape of shapes) {
      const checked = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
      const names = new Set(checked.map(({ propertyName }) => propertyName));
      expect(settingsOf(shape).map(({ name }) => name)).toEqual([...names]);
    }
  });

  it('a mark that is missing, doubled or of nothing is told', () => {
    const page = readFileSync(MANUAL, 'utf8');
    const mark = '<!-- settings: sources[].mns -->';
    expect(() => filledManual(page.replace(mark, ''))).toThrow('sources[].mns');
    expect(() => filledManual(`${page}\n${mark}\n<!-- end -->`)).toThrow('sources[].mns');
    expect(() => filledManual(page.replace(mark, '<!-- settings: nothing -->'))).toThrow('nothing');
  });
});
