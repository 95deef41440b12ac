import { createGenerator, type Schema, type SchemaGenerator } from 'ts-json-schema-generator';
import { dataSchema, EVENT_TYPES, SUBMISSION_SCHEMA_FILE, type EventType } from '#contracts';

/** A JSON Schema (draft-07) as plain JSON. */
export type JsonSchema = Record<string, unknown>;

/**
 * The published JSON Schema of every event type, made from the types in libs/contracts. Within v1 fields and enum
 * values may be added, so these schemas allow both: a subscriber that validates must not break when we add one.
 * @param root the repository's root directory
 */
export function generateSchemas(root: string): Map<EventType, JsonSchema> {
  const generator = generatorFor(root, 'event-types.ts');
  const schemas = new Map<EventType, JsonSchema>();
  for (const [type, className] of Object.entries(EVENT_TYPES) as [EventType, string][]) {
    schemas.set(type, published(type, dataSchema(type), generator.createSchema(className)));
  }
  return schemas;
}

/** The published JSON Schema of what sending services write, which is no event. */
export function generateSubmissionSchema(root: string): JsonSchema {
  const anyEvent = dataSchema('io.quittance.message.submitted.v1');
  const id = new URL(SUBMISSION_SCHEMA_FILE, anyEvent).href;
  return published('quittance.submissions.v1', id, generatorFor(root, 'submission.ts').createSchema('Submission'));
}

function generatorFor(root: string, file: string): SchemaGenerator {
  return createGenerator({
    path: `${root}/libs/contracts/src/${file}`,
    tsconfig: `${root}/tsconfig.json`,
    type: '*',
    topRef: false,
    additionalProperties: true,
    // Types are checked elsewhere; the generator carries a compiler of its own, which may know less.
    skipTypeCheck: true,
  });
}

function published(title: string, id: string, generated: Schema): JsonSchema {
  const { $schema, definitions, ...described } = generated;
  const { $ref, ...description } = described;
  // An event type that is another name for the data of a second one comes as a bare reference.
  const target = $ref?.replace('#/definitions/', '') ?? '';
  const schema: JsonSchema = { ...(definitions?.[target] as JsonSchema | undefined), ...description };
  const used = Object.entries(definitions ?? {}).filter(([name]) => name !== target);
  return {
    $schema,
    $id: id,
    title,
    ...schema,
    definitions: Object.fromEntries(used.map(([name, definition]) => [name, withOpenEnum(definition as JsonSchema)])),
  };
}

/** A list of known values that a later version may lengthen. Numbers and booleans have no such lists. */
function withOpenEnum(definition: JsonSchema): JsonSchema {
  if (!Array.isArray(definition.enum)) return definition;
  const { enum: values, type, ...rest } = definition;
  return {
    ...rest,
    type,
    anyOf: [{ enum: values }, { $comment: 'a value that a later version added: treat it as unknown' }],
  };
}
