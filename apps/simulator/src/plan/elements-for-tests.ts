import type { Door, SourceId } from '../callbacks.js';
import type { PlannedReceipt } from './part.js';
import type { RunPlan } from './plan-run.js';
import type { RunShape } from './run-shape.js';

/** An element of a body, as its vendor writes it. */
export type Element = Readonly<Record<string, unknown>>;

/** Everything once, pushed, where it belongs, and nobody contradicts anybody. */
export const TIDY: RunShape = {
  doors: { push: 1, queue: 0, both: 0 },
  duplicates: 0,
  disorder: 0,
  poison: 0,
  late: 0,
  contradictions: 0,
};

/** The elements that a plan sends through a door of a source, without what is malformed on purpose. */
export function elementsOf(plan: RunPlan, source: SourceId, door: Door = 'push'): Element[] {
  return receiptsOf(plan, source, door).flatMap(({ body }) => elementsIn(body));
}

/** The elements of both doors, in the order of sending. */
export function allElementsOf(plan: RunPlan, source: SourceId): Element[] {
  return plan.receipts.filter((receipt) => isOf(receipt, source)).flatMap(({ body }) => elementsIn(body));
}

/** The receipts of one door of a source, without what is malformed on purpose. */
export function receiptsOf(plan: RunPlan, source: SourceId, door: Door = 'push'): PlannedReceipt[] {
  return plan.receipts.filter((receipt) => receipt.door === door && isOf(receipt, source));
}

function isOf(receipt: PlannedReceipt, source: SourceId): boolean {
  return receipt.source === source && !receipt.body.includes('malformed-');
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
