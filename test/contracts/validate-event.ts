import { expect } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { EventType } from '#contracts';
import { publishedSchema } from './published-schemas.js';
import { strictSchema } from './strict-schema.js';

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);

const validators = new Map<EventType, ValidateFunction>();

/**
 * What is wrong with an event's data under the strict form of its published schema; empty if nothing is.
 * @param data parsed JSON, as a subscriber gets it
 */
export function eventProblems(type: EventType, data: unknown): string[] {
  let validate = validators.get(type);
  if (validate === undefined) {
    validate = ajv.compile(strictSchema(publishedSchema(type)));
    validators.set(type, validate);
  }
  if (validate(data)) return [];
  return (validate.errors ?? []).map((error) => {
    const property: unknown = error.params.additionalProperty;
    return `${error.instancePath} ${error.message ?? error.keyword} ${typeof property === 'string' ? property : ''}`.trim();
  });
}

/** Fails the test unless the data keeps the contract to the letter: every field, no others, known values only. */
export function expectValidEvent(type: EventType, data: unknown): void {
  expect({ type, problems: eventProblems(type, data) }).toEqual({ type, problems: [] });
}
