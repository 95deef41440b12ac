import { ValidateIf } from 'class-validator';
import type { Unit } from '../environment-variable.js';
import type { Shape } from './shape.js';

/** One setting of quittance.yaml as the manual shows it. */
export interface SettingDescription {
  readonly name: string;
  /** Sentences of Markdown, without links. */
  readonly about: string;
  readonly required: boolean;
  /** As one would write it; null: there is none. */
  readonly default: string | null;
  /** What is done without it, where that is no value to write; null: nothing. */
  readonly unset: string | null;
  readonly unit: Unit | null;
  /** Page and heading below docs/ that say more; null: there is nothing more to say. */
  readonly see: string | null;
}

const described = new Map<unknown, SettingDescription[]>();

/** The settings of a class, in its order. */
export function settingsOf(shape: Shape): readonly SettingDescription[] {
  return described.get(shape) ?? [];
}

/** A property that must be there, and what it means. */
export function Required(about: string): PropertyDecorator {
  return describe({ about, required: true });
}

/**
 * A property that may be left out, and what it means. Written without a value (null) it is a mistake: somebody forgot
 * something.
 * @param options what holds without it
 */
export function Optional(
  about: string,
  options: Partial<Omit<SettingDescription, 'name' | 'about' | 'required'>> = {},
): PropertyDecorator {
  const describes = describe({ about, required: false, ...options });
  const mayBeLeftOut = ValidateIf((_object, value) => value !== undefined);
  return (target, property) => {
    describes(target, property);
    mayBeLeftOut(target, property);
  };
}

function describe(
  description: Pick<SettingDescription, 'about' | 'required'> & Partial<SettingDescription>,
): PropertyDecorator {
  return ({ constructor }, property) => {
    const setting = { default: null, unset: null, unit: null, see: null, ...description, name: String(property) };
    described.set(constructor, [...(described.get(constructor) ?? []), setting]);
  };
}
