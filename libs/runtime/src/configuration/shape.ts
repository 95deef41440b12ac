import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, registerDecorator, validateSync } from 'class-validator';
import type { ValidationArguments, ValidationError } from 'class-validator';
import 'reflect-metadata';
import type { Mistake } from '../mistakes.js';
import { below, pathOf } from '../mistakes.js';

/** Finds what is wrong with a value; paths are relative to the value. */
export type Rule = (value: unknown) => readonly Mistake[];

/** Something with string keys, as YAML gives it. */
export type Mapping = Readonly<Record<string, unknown>>;

/** A class whose properties have rules. */
export type Shape = new () => object;

/** In front of the mistakes that a rule hands through class-validator, which knows one text per property only. */
const RULE_MARK = '\u0000mistakes:';

/** Whether a value is a mapping of YAML. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A property that a rule judges; what the rule finds keeps its path. */
export function Obeys(rule: Rule): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'obeys',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => rule(value).length === 0,
        defaultMessage: (given?: ValidationArguments) => RULE_MARK + JSON.stringify(rule(given?.value)),
      },
    });
  };
}

/** A mapping that is described by a class with class-validator's decorators; keys that the class lacks are refused. */
export function shapedLike(shape: Shape): Rule {
  return (value) => {
    if (!isMapping(value)) return [{ path: '', message: 'must be a mapping (key: value)' }];
    const errors = validateSync(plainToInstance(shape, value), {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: false,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
    });
    return errors.flatMap((error) => below(pathOf('', error.property), mistakesOf(error, shape)));
  };
}

/** A list, each element obeying a rule. */
export function listOf(rule: Rule, limits: { readonly least: number; readonly most?: number }): Rule {
  return (value) => {
    if (!Array.isArray(value)) return [{ path: '', message: 'must be a list' }];
    const { least, most = Infinity } = limits;
    if (value.length < least) return [{ path: '', message: `must hold at least ${least}` }];
    if (value.length > most) return [{ path: '', message: `must hold at most ${most}` }];
    return value.flatMap((element, index) => below(pathOf('', index), rule(element)));
  };
}

/** A mapping with free keys. */
export function mappingOf(key: { readonly pattern: RegExp; readonly advice: string }, rule: Rule): Rule {
  return (value) => {
    if (!isMapping(value)) return [{ path: '', message: 'must be a mapping (key: value)' }];
    return Object.entries(value).flatMap(([name, element]) => {
      const wrongKey = key.pattern.test(name) ? [] : [{ path: '', message: key.advice }];
      return below(pathOf('', name), [...wrongKey, ...rule(element)]);
    });
  };
}

/** Text of a certain form. */
export function textLike(pattern: RegExp, advice: string): Rule {
  return (value) => {
    if (typeof value !== 'string') return [{ path: '', message: `${advice}; put it in quotes` }];
    return pattern.test(value) ? [] : [{ path: '', message: advice }];
  };
}

function mistakesOf(error: ValidationError, shape: Shape): readonly Mistake[] {
  return Object.entries(error.constraints ?? {}).flatMap(([constraint, message]): readonly Mistake[] => {
    if (message.startsWith(RULE_MARK)) return JSON.parse(message.slice(RULE_MARK.length)) as readonly Mistake[];
    return [{ path: '', message: constraint === 'whitelistValidation' ? unknownKey(error.property, shape) : message }];
  });
}

function unknownKey(key: string, shape: Shape): string {
  const known = new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(shape, '', false, false)
      .map(({ propertyName }) => propertyName),
  );
  return `is not a known setting; here may stand: ${[...known].join(', ')}`;
}
