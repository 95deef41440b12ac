import { Transform } from 'class-transformer';
import type { TransformFnParams } from 'class-transformer';
import type { Role } from './environment-shape.js';

/** One variable as `.env.example` and the manual show it. */
export interface VariableDescription {
  readonly name: string;
  /** Sentences of Markdown, without links. */
  readonly about: string;
  /** Who reads it. */
  readonly roles: readonly Role[];
  /** Who does not start without it. */
  readonly requiredBy: readonly Role[];
  /** As one would write it; null: there is none. */
  readonly default: string | null;
  /** What is done without it, where that is no value to write; null: nothing. */
  readonly unset: string | null;
  /** What its value counts; null: it is text. */
  readonly unit: Unit | null;
  /** Page and heading below docs/ that say more; null: there is nothing more to say. */
  readonly see: string | null;
}

/** What numbers count. Of a duration the unit is part of the value: 500ms. */
export type Unit = 'duration' | 'bytes' | 'receipts' | 'connections' | 'partitions' | 'copies' | 'requests' | 'share';

/** Roles that share variables: the apps, who needs Kafka, who needs the database. */
export const APPS: readonly Role[] = ['ingress', 'normaliser', 'projector'];
export const KAFKA_ROLES: readonly Role[] = [...APPS, 'topics', 'tool'];
export const DATABASE_ROLES: readonly Role[] = ['projector', 'migration', 'tool'];
const ALL: readonly Role[] = [...APPS, 'topics', 'migration', 'tool'];

/** What `Variable` was put on, in that order. */
export const described: VariableDescription[] = [];

/**
 * Says what a variable means, to the manual and to whoever reads the environment.
 * @param options default: read by all, required by none, without a default
 */
export function Variable(
  about: string,
  options: Partial<Omit<VariableDescription, 'name' | 'about'>>,
): PropertyDecorator {
  const usual = { roles: ALL, requiredBy: [], default: null, unset: null, unit: null, see: null };
  return (_target, property) => {
    described.push({ name: String(property), about, ...usual, ...options });
  };
}

/** Text to a value; what cannot be read becomes undefined and is refused by the check that follows. */
export function Read(read: (text: string) => unknown): PropertyDecorator {
  return Transform(({ value }: TransformFnParams) => (typeof value === 'string' ? read(value) : undefined));
}
