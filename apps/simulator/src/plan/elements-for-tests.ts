import type { SourceId } from '../callbacks.js';
import type { PlannedPush } from './part.js';
import type { RunPlan } from './plan-run.js';

/** An element of a body, as its vendor writes it. */
export type Element = Readonly<Record<string, unknown>>;

/** The elements that a plan pushes to a source, without what is malformed on purpose. */
export function elementsOf(plan: RunPlan, source: SourceId): Element[] {
  return pushesOf(plan, source).flatMap(({ body }) => elementsIn(body));
}

/** The pushes to a source, without what is malformed on purpose. */
export function pushesOf(plan: RunPlan, source: SourceId): PlannedPush[] {
  return plan.pushes.filter((push) => push.source === source && !push.body.includes('malformed-'));
}

/** Takes a body apart: a JSON array, an object, Huawei's list or a form. */
export function elementsIn(body: string): Element[] {
  if (!/^[[{]/.test(body)) return [Object.fromEntries(new URLSearchParams(body))];
  const parsed = JSON.parse(body) as Element | Element[];
  if (Array.isArray(parsed)) return parsed;
  return Array.isArray(parsed.statusReportList) ? (parsed.statusReportList as Element[]) : [parsed];
}

/** How many different combinations of these fields there are. */
export function distinct(list: readonly Element[], ...fields: string[]): number {
  return new Set(list.map((element) => JSON.stringify(fields.map((field) => element[field])))).size;
}
