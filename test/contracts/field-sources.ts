import { join } from 'node:path';
import { isExactNumber, type CanonicalEvent } from '#contracts';
import { isUnreadable, PROVIDERS } from '#providers';
import type { JsonObject, Provider, ReceiptContext, ReceiptType } from '#providers';
import { readFixtures } from '../providers/fixtures.js';
import { CONTEXT, dataOf } from '../providers/read.js';
import { ROOT } from './published-schemas.js';

/**
 * Which provider field feeds which of ours, found out by trying: every field of every fixture is changed, one at a
 * time, and whatever then differs in the event is fed by it. Nothing is declared, so nothing can be declared wrongly.
 */

/** What one receipt type becomes. */
export interface ReceiptSources {
  readonly provider: string;
  readonly receipt: string;
  /** By event type: by field of the event, what feeds it. Fields that nothing feeds hold their one value. */
  readonly events: ReadonlyMap<string, ReadonlyMap<string, FieldSources>>;
  /** Fields without which some element is a dead letter. */
  readonly needed: readonly string[];
}

/** What feeds one field. */
export interface FieldSources {
  /** Provider fields; `a.b` is field b of object a. */
  readonly fields: readonly string[];
  /** What beside the element: settings, and the receipt's own headers. */
  readonly others: readonly string[];
  /** Every value that the field had in the fixtures, as JSON. */
  readonly values: readonly string[];
}

/** Everything that may look different beside the element, each changed alone. */
const OTHER_CONTEXTS: Readonly<Record<string, Partial<ReceiptContext>>> = {
  "the account's name": { account: 'another' },
  "the account's `timeZone`": { timeZone: 'America/New_York' },
  '`labels`': { labels: { another: 'label' } },
  '`senders`': { senders: new Map() },
  "the source's `channel`": { channel: 'viber' },
  '`sendStatusOne`': { sendStatusOne: 'submitted' },
  'header `observed-at`': { observedAt: '2026-07-12T12:00:00.000Z' },
};

/** At most so many other values from the fixtures are tried for a field. */
const MOST_VARIANTS = 12;

/** What is found out about all providers, in the order of the registry. */
export function findFieldSources(): readonly ReceiptSources[] {
  return Object.values(PROVIDERS).flatMap((provider) => {
    const elements = elementsByType(provider);
    return Object.values(provider.receiptTypes).map((type) => sourcesOf(provider, type, elements.get(type.name) ?? []));
  });
}

function elementsByType(provider: Provider): ReadonlyMap<string, readonly JsonObject[]> {
  const byType = new Map<string, JsonObject[]>();
  const directory = join(ROOT, 'libs', 'providers', 'src', provider.id, 'fixtures');
  for (const { type, body } of readFixtures(provider, directory)) {
    const parts = type.readElements(body);
    if (isUnreadable(parts)) continue;
    const known = byType.get(type.name) ?? [];
    byType.set(type.name, [...known, ...(parts.elements as readonly JsonObject[])]);
  }
  return byType;
}

/** What has been found so far, in forms that can grow. */
interface Findings {
  readonly fields: Set<string>;
  readonly others: Set<string>;
  readonly values: Set<string>;
}

function sourcesOf(provider: Provider, type: ReceiptType, elements: readonly JsonObject[]): ReceiptSources {
  const events = new Map<string, Map<string, Findings>>();
  const needed = new Set<string>();
  const pool = valuesByPath(elements);
  for (const element of elements) {
    const before = type.map(element, CONTEXT);
    if (isUnreadable(before)) continue;
    const findings = events.get(before.type) ?? new Map<string, Findings>();
    events.set(before.type, findings);
    const flat = flatten(before);
    for (const [name, value] of flat) findingsOf(findings, name).values.add(value);

    for (const path of pathsOf(element)) {
      const label = path.map((step) => step.trim()).join('.');
      if (isUnreadable(type.map(changed(element, path, undefined), CONTEXT))) needed.add(label);
      for (const variant of variantsOf(pool.get(label), valueAt(element, path))) {
        const after = type.map(changed(element, path, variant), CONTEXT);
        for (const name of differences(flat, after, before.type)) findingsOf(findings, name).fields.add(label);
      }
    }
    for (const [label, change] of Object.entries(OTHER_CONTEXTS)) {
      const after = type.map(element, { ...CONTEXT, ...change });
      for (const name of differences(flat, after, before.type)) findingsOf(findings, name).others.add(label);
    }
    const extra = dataOf(before).extra as JsonObject | undefined;
    for (const name of Object.keys(extra ?? {})) findingsOf(findings, 'extra').fields.add(name);
  }
  return { provider: provider.id, receipt: type.name, events: finished(events), needed: [...needed].sort() };
}

function findingsOf(findings: Map<string, Findings>, name: string): Findings {
  let found = findings.get(name);
  if (found === undefined) findings.set(name, (found = { fields: new Set(), others: new Set(), values: new Set() }));
  return found;
}

function finished(events: ReadonlyMap<string, ReadonlyMap<string, Findings>>): ReceiptSources['events'] {
  const sorted = (set: ReadonlySet<string>): readonly string[] => [...set].sort();
  return new Map(
    [...events]
      .sort()
      .map(([type, findings]) => [
        type,
        new Map(
          [...findings].map(([name, { fields, others, values }]) => [
            name,
            { fields: sorted(fields), others: sorted(others), values: sorted(values) },
          ]),
        ),
      ]),
  );
}

/** Names of the fields that differ. Another type of event is another event: its fields are not compared. */
function differences(
  before: ReadonlyMap<string, string>,
  after: CanonicalEvent | ReturnType<ReceiptType['map']>,
  type: string,
): readonly string[] {
  if (isUnreadable(after) || after.type !== type) return [];
  const changedFields = flatten(after);
  return [...before.keys()].filter((name) => name !== 'extra' && before.get(name) !== changedFields.get(name));
}

/**
 * The fields of an event as JSON texts. Objects that the contract describes are taken apart one level deep. `id` is an
 * attribute, not data; `subject`, `time` and `source` repeat the key, `occurredAt` and what is configured.
 */
function flatten(event: CanonicalEvent): ReadonlyMap<string, string> {
  const flat = new Map([['id', JSON.stringify(event.id)]]);
  for (const [name, value] of Object.entries(dataOf(event))) {
    const parts = APART.has(name) && typeof value === 'object' && value !== null ? Object.entries(value) : null;
    if (parts === null) flat.set(name, JSON.stringify(value));
    else for (const [part, inner] of parts) flat.set(`${name}.${part}`, JSON.stringify(inner));
  }
  return flat;
}

const APART: ReadonlySet<string> = new Set(['content', 'subject']);

type Path = readonly string[];

/** Paths of everything that is not itself an object with fields. */
function pathsOf(value: JsonObject, above: Path = []): readonly Path[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    isFields(inner) ? pathsOf(inner, [...above, key]) : [[...above, key]],
  );
}

function isFields(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isExactNumber(value)) return false;
  return Object.keys(value).length > 0;
}

function valueAt(element: JsonObject, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as JsonObject)[key], element);
}

/** A copy with another value in one place; undefined removes it. */
function changed(element: JsonObject, [key = '', ...rest]: Path, value: unknown): JsonObject {
  const entries = Object.entries(element).flatMap(([name, old]): [string, unknown][] => {
    if (name !== key) return [[name, old]];
    if (rest.length > 0) return [[name, changed(old as JsonObject, rest, value)]];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

/** Every value that a field has anywhere in the fixtures of its receipt type. */
function valuesByPath(elements: readonly JsonObject[]): ReadonlyMap<string, readonly unknown[]> {
  const values = new Map<string, Map<string, unknown>>();
  for (const element of elements) {
    for (const path of pathsOf(element)) {
      const label = path.map((step) => step.trim()).join('.');
      const seen = values.get(label) ?? new Map<string, unknown>();
      values.set(label, seen.set(JSON.stringify(valueAt(element, path)), valueAt(element, path)));
    }
  }
  return new Map([...values].map(([label, seen]) => [label, [...seen.values()]]));
}

/** Nothing, what the field holds elsewhere, and values that are a little different and still of its form. */
function variantsOf(pool: readonly unknown[] = [], value: unknown): readonly unknown[] {
  const others = pool.filter((other) => other !== value).slice(0, MOST_VARIANTS);
  return [undefined, ...others, ...slightlyOther(value)];
}

function slightlyOther(value: unknown): readonly unknown[] {
  if (typeof value === 'number') return [value + 1];
  if (typeof value === 'boolean') return [!value];
  if (typeof value !== 'string') return [];
  // The last digit counts up: a time stays a time, a number a number.
  const counted = value.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
  return [counted, `${value}x`];
}
