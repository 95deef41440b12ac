import type { JsonSchema } from './generate-schemas.js';

/**
 * The schema as we hold ourselves to it: no properties that are not in the contract (`extra` and `labels` stay open,
 * that is what they are for) and no values beyond the lists that this version knows.
 */
export function strictSchema(schema: JsonSchema): JsonSchema {
  return strict(schema) as JsonSchema;
}

function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, strict(value)]));
  // `properties` with a type beside it is a schema; a property that happens to be called so is not.
  if (copy.type === 'object' && 'properties' in copy) copy.additionalProperties ??= false;
  return closedEnum(copy);
}

/** The published form of an enum allows any other value of the same type beside it. */
function closedEnum(node: Record<string, unknown>): Record<string, unknown> {
  const { anyOf, ...rest } = node;
  if (!Array.isArray(anyOf)) return node;
  const known = anyOf.find((option): option is { enum: unknown } => Object.hasOwn(option as object, 'enum'));
  const open = anyOf.some((option) => Object.keys(option as object).join() === '$comment');
  return known !== undefined && open ? { ...rest, enum: known.enum } : node;
}
